import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useActor } from '../../../ui/actor.tsx';
import { type ApiProblem, call } from '../../../ui/api.ts';
import { getImport, type ImportRecord } from '../contract.ts';
import { isWorking } from './import-standing.ts';

export const importKey = (organisationId: string, id: string) => ['import', organisationId, id];

/**
 * An import as the server knows it. It is read again while something is at work on it, also after the connection was lost,
 * and now and then otherwise: somebody else may have moved it on.
 */
export function useImport(id: string): UseQueryResult<ImportRecord> {
  const { organisationId } = useActor();
  return useQuery({
    queryKey: importKey(organisationId, id),
    queryFn: ({ signal }) => call(getImport, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? 700 : 10_000),
    networkMode: 'always',
  });
}

/** An act on an import: its answer is the import as it now stands. */
export function useImportAct<Given = void>(id: string, work: (given: Given) => Promise<ImportRecord>) {
  const { organisationId } = useActor();
  const client = useQueryClient();
  return useMutation<ImportRecord, ApiProblem, Given>({
    mutationFn: work,
    networkMode: 'always',
    onSuccess: (record) => {
      client.setQueryData(importKey(organisationId, id), record);
      client.invalidateQueries();
    },
    // Refused because the import is no longer where this page thought: it is read again.
    onError: ({ status }) =>
      void (status === 409 && client.invalidateQueries({ queryKey: importKey(organisationId, id) })),
  });
}
