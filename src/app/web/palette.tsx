import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { call } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';
import { search } from '../workspace/contract.ts';
import { entriesFor } from './navigation.ts';
import classes from './palette.module.css';
import { useSession } from './session.tsx';

const addresses: Record<string, string> = {
  dwelling: '/biens/',
  owner: '/proprietaires/',
  application: '/candidats/',
  tenancy: '/baux/',
  vacancy: '/liberations/',
};

type Result = { key: string; label: string; detail: string; kind: string; to: string };

/** Two keystrokes from anything: households, dwellings, leases, owners, and the pages of the program. */
export default function Palette({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const session = useSession();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 120);
  const found = useQuery({
    queryKey: ['search', session.organisation.id, asked],
    queryFn: ({ signal }) => call(search, { query: { q: asked }, signal }),
    enabled: asked.length >= 2,
    placeholderData: (previous) => previous,
  });
  const folded = text.trim().toLowerCase();
  const pages: Result[] = entriesFor(session)
    .flatMap(({ entries }) => entries)
    .map((entry) => ({ key: entry.to, label: t(entry.label), detail: '', kind: t('shell.page'), to: entry.to }))
    .filter(({ label }) => label.toLowerCase().includes(folded));
  const records: Result[] =
    asked.length < 2
      ? []
      : (found.data?.hits ?? []).map((hit) => ({
          key: hit.kind + hit.id,
          label: hit.title,
          detail: hit.subtitle,
          kind: t(`values.record-kind.${hit.kind}`),
          to: (addresses[hit.kind] ?? '/') + hit.id,
        }));
  const results = [...records, ...pages.slice(0, records.length > 0 ? 3 : 12)];

  const go = (result: Result | undefined) => {
    if (!result) return;
    onClose();
    navigate({ to: result.to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((current) => (current + step + results.length) % Math.max(results.length, 1));
    } else if (event.key === 'Enter') go(results[active]);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={620}
      yOffset="12vh"
      centered={false}
      attributes={{ content: { 'aria-label': t('shell.search') } }}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        px={16}
        py={6}
        placeholder={t('shell.search-what')}
        value={text}
        role="combobox"
        aria-expanded
        aria-controls="palette-results"
        aria-activedescendant={results[active] ? `palette-${active}` : undefined}
        aria-label={t('shell.search-what')}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ProblemAlert problem={found.error} />
      <div id="palette-results" className={classes.results} role="listbox" aria-label={t('shell.results')}>
        {results.map((result, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves and chooses by keyboard
          <div
            key={result.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={index === active ? classes.active : undefined}
            onMouseEnter={() => setActive(index)}
            onClick={() => go(result)}
          >
            <span className={classes.label}>{result.label}</span>
            <span className={classes.detail}>{result.detail}</span>
            <span className={classes.kind}>{result.kind}</span>
          </div>
        ))}
      </div>
      <div className={classes.foot}>
        {asked.length >= 2 && found.data
          ? t('shell.found', { count: found.data.total, least: found.data.totalIsLeast ? 'yes' : 'no' })
          : t('shell.search-hint')}
      </div>
    </Modal>
  );
}
