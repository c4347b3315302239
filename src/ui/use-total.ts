import { useQuery } from '@tanstack/react-query';
import type { Endpoint, QueryInputOf } from '../kernel/endpoint.ts';
import type { ListOf } from '../kernel/schemas.ts';
import { useActor } from './actor.tsx';
import { call } from './api.ts';

/** How many rows a list has under some filters: the fact a title states. */
// biome-ignore lint/suspicious/noExplicitAny: a list of any schemas
export function useTotal<E extends Endpoint<any, any, any, any>>(
  endpoint: E,
  filters: Partial<QueryInputOf<E>> = {},
): Total | undefined {
  const { organisationId } = useActor();
  const first = useQuery({
    queryKey: ['total', endpoint.id, organisationId, filters],
    queryFn: ({ signal }) =>
      call(endpoint, {
        query: { ...(filters as object), limit: 1, total: 'exact' } as never,
        signal,
      } as never) as Promise<ListOf<unknown>>,
    placeholderData: (previous) => previous,
  });
  return first.data && { count: first.data.total, least: first.data.totalIsLeast ? 'yes' : 'no' };
}

/** As messages take it: counting stops somewhere, and then the count is the least it can be. */
export type Total = { count: number; least: 'yes' | 'no' };
