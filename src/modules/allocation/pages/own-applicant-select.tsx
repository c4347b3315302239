import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { useWords } from '../../../ui/words.tsx';
import { listApplications } from '../../applicants/contract.ts';

type OwnApplicant = ReplyOf<typeof listApplications>['items'][number];

const labelOf = (item: OwnApplicant) => `${item.familyName} ${item.givenName} · ${item.number}`;

/** A household of one's own list, found by name or number on the server: the list may hold thousands. */
export function OwnApplicantSelect({
  chosen,
  onChoose,
}: {
  chosen: string | null;
  onChoose(item: OwnApplicant | null): void;
}) {
  const { t } = useWords();
  const { may, organisationId } = useActor();
  const [kept, setKept] = useState<OwnApplicant | null>(null);
  const [typed, setTyped] = useState('');
  const text = kept && typed === labelOf(kept) ? '' : typed.trim();
  const [asked] = useDebouncedValue(text.length >= 3 ? text : undefined, 200);
  const found = useQuery({
    queryKey: ['own-applications', organisationId, asked],
    queryFn: ({ signal }) => call(listApplications, { query: { state: ['active'], limit: 30, q: asked }, signal }),
    enabled: may('applicants.read'),
    placeholderData: (previous) => previous,
  });
  const items = found.data?.items ?? [];
  if (items.length === 0 && !asked && !kept) return null;
  const shown = kept && !items.some(({ id }) => id === kept.id) ? [kept, ...items] : items;
  return (
    <Select
      label={t('proposals.from-own-list')}
      data={shown.map((item) => ({ value: item.id, label: labelOf(item) }))}
      searchable
      clearable
      filter={({ options }) => options}
      nothingFoundMessage={t('proposals.own-list-nothing')}
      searchValue={typed}
      onSearchChange={setTyped}
      value={chosen}
      onChange={(id) => {
        const item = shown.find((candidate) => candidate.id === id) ?? null;
        setKept(item);
        onChoose(item);
      }}
    />
  );
}
