import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ListState } from './list-table.tsx';

/** Filters and order of a list, kept in the address: shared by a link, found again by « back ». */
export function useListState(): [ListState, (next: ListState) => void] {
  const state = useSearch({ strict: false }) as ListState;
  const navigate = useNavigate();
  const set = (next: ListState) => {
    const kept = Object.fromEntries(
      Object.entries(next).filter(
        ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
      ),
    );
    navigate({ to: '.', search: kept as never, replace: true });
  };
  return [state, set];
}

/** The values of a filter that may have several. */
export const valuesOf = (state: ListState, name: string): string[] => {
  const value = state[name];
  if (Array.isArray(value)) return value.map(String);
  return value === undefined || value === '' ? [] : String(value).split(',');
};
