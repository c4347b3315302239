import { Button, Radio, Select, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { call } from '../../../ui/api.ts';
import { AsideLayout, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { Tag, type Tone } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import { dateOrder, type ImportRecord, mapColumns } from '../contract.ts';
import type { DateOrder } from '../rules/cells.ts';
import type { Mapping } from '../rules/fields.ts';
import { AbandonButton } from './abandon-button.tsx';
import { columnLetter, exampleDay, type Match, matchOf, type Trial, tryMapping } from './column-matches.ts';
import classes from './columns-step.module.css';
import { FileFacts, ImportContext } from './import-facts.tsx';
import { ImportFrame } from './import-frame.tsx';
import { Interruption } from './interruption.tsx';
import { useImportAct } from './use-import.ts';

type Props = {
  record: ImportRecord;
  lost: ReactNode;
  onDone(): void;
  /** Back to the preview, when there is one already. */
  onBack: (() => void) | undefined;
};

/** Which column carries which field: proposed by name, tried on the first rows, corrected here. */
export function ColumnsStep({ record, lost, onDone, onBack }: Props) {
  const { t } = useWords();
  const [mapping, setMapping] = useState<Mapping>(record.mapping);
  const [order, setOrder] = useState<DateOrder>(record.dateOrder);
  const [moved, setMoved] = useState('');
  const [tried, setTried] = useState(false);
  const check = useImportAct(record.id, () =>
    call(mapColumns, { params: { id: record.id }, body: { mapping, dateOrder: order } }),
  );
  const { fields, header } = record;
  const required = fields.filter((field) => field.required);
  const missing = required.filter((field) => (mapping[field.name] ?? null) === null);
  const fieldAt = (place: number) => fields.find((field) => mapping[field.name] === place);
  const known = header.filter((_, place) => fieldAt(place)).length;

  const choose = (place: number, name: string | null) => {
    const previous = name === null ? null : (mapping[name] ?? null);
    const next = { ...mapping };
    for (const field of fields) if (next[field.name] === place) next[field.name] = null;
    if (name !== null) next[name] = place;
    setMapping(next);
    setMoved(
      previous !== null && previous !== place
        ? t('imports.field-moved', { field: labelOf(record, name), column: header[previous] || columnLetter(previous) })
        : '',
    );
  };
  const start = () => {
    setTried(true);
    if (missing.length === 0) check.mutate(undefined, { onSuccess: onDone });
  };

  return (
    <ImportFrame
      title={record.fileName}
      crumb={record.fileName}
      context={<ImportContext record={record} />}
      step="columns"
      actions={
        <>
          {onBack ? (
            <QuietButton onClick={onBack}>{t('imports.back-to-preview')}</QuietButton>
          ) : (
            <AbandonButton record={record} />
          )}
          <Button onClick={start} loading={check.isPending}>
            {t('imports.check')}
          </Button>
        </>
      }
    >
      {lost}
      <Interruption record={record} what="check" />
      <ProblemAlert problem={check.error} onRetry={start} />
      {tried && missing.length > 0 && (
        <p className={classes.missing} role="alert">
          {t('imports.missing', { count: missing.length, fields: missing.map(({ label }) => label).join(', ') })}
        </p>
      )}
      <AsideLayout
        aside={
          <>
            <RequiredFields record={record} mapping={mapping} />
            <DateOrderChoice record={record} mapping={mapping} order={order} onOrder={setOrder} />
            <FileFacts record={record} />
            <AbsentFields record={record} mapping={mapping} />
          </>
        }
      >
        <Panel
          title={t('imports.columns-known', { known, count: header.length })}
          aside={t('imports.columns-sample', { count: record.sample.length })}
          flush
        >
          <p className="visually-hidden" role="status">
            {moved}
          </p>
          <ColumnTable record={record} mapping={mapping} order={order} onChoose={choose} />
        </Panel>
        <Button className={classes.narrowOnly} onClick={start} loading={check.isPending} fullWidth>
          {t('imports.check')}
        </Button>
      </AsideLayout>
    </ImportFrame>
  );
}

const labelOf = (record: ImportRecord, name: string | null): string =>
  record.fields.find((field) => field.name === name)?.label ?? '';

function ColumnTable({
  record,
  mapping,
  order,
  onChoose,
}: {
  record: ImportRecord;
  mapping: Mapping;
  order: DateOrder;
  onChoose(place: number, name: string | null): void;
}) {
  const { t } = useWords();
  const { fields, header } = record;
  const trials = tryMapping(record, mapping, order);
  const choices = [
    { group: t('imports.required'), items: fields.filter((field) => field.required) },
    { group: t('imports.optional'), items: fields.filter((field) => !field.required) },
  ].map(({ group, items }) => ({ group, items: items.map(({ name, label }) => ({ value: name, label })) }));
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{t('imports.columns-caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('imports.column')}</th>
          <th scope="col">{t('imports.sample')}</th>
          <th scope="col">{t('imports.field')}</th>
          <th scope="col">{t('imports.match')}</th>
        </tr>
      </thead>
      <tbody>
        {header.map((heading, place) => {
          const field = fields.find(({ name }) => mapping[name] === place);
          const trial = field && trials.get(field.name);
          const shown = heading || t('imports.column-unnamed');
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a file never move
            <tr key={place} className={field ? undefined : classes.ignored}>
              <th scope="row">
                <span className={classes.heading}>{shown}</span>
                <span className="dim">{t('imports.column-letter', { letter: columnLetter(place) })}</span>
              </th>
              <td>
                <Sample
                  cells={record.sample.map((cells) => cells[place] ?? '')}
                  guarded={field?.guarded}
                  trial={trial}
                />
              </td>
              <td>
                <Select
                  size="xs"
                  data={choices}
                  value={field?.name ?? null}
                  onChange={(name) => onChoose(place, name)}
                  placeholder={t('imports.not-imported')}
                  nothingFoundMessage={t('imports.no-field')}
                  searchable
                  clearable
                  clearButtonProps={{ 'aria-label': t('imports.leave-out', { column: shown }) }}
                  aria-label={t('imports.field-of', { column: shown })}
                  maxDropdownHeight={300}
                  comboboxProps={{ withinPortal: true }}
                />
              </td>
              <td>
                <MatchTag match={matchOf(record.kind, field?.name ?? null, heading)} />
                <TrialNote trial={trial} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const shownCells = 3;

/** Some of what the column holds: what cannot be read first. */
function Sample({
  cells,
  guarded,
  trial,
}: {
  cells: string[];
  guarded: boolean | undefined;
  trial: Trial | undefined;
}) {
  const { t } = useWords();
  const unreadable = new Set(trial?.unreadable);
  const distinct = [...new Set([...unreadable, ...cells])].filter((cell) => cell.trim() !== '').slice(0, shownCells);
  if (distinct.length === 0) return <span className="dim">{t('imports.column-empty')}</span>;
  return (
    <ul className={classes.sample}>
      {distinct.map((cell) => (
        <li key={cell} className={unreadable.has(cell) ? classes.unreadable : undefined} title={guarded ? '' : cell}>
          {guarded ? '•••' : cell}
        </li>
      ))}
    </ul>
  );
}

const matchTones: Record<Match, Tone> = {
  'same-name': 'green',
  'close-name': 'blue',
  chosen: 'blue',
  ignored: 'neutral',
};

function MatchTag({ match }: { match: Match }) {
  const { t } = useWords();
  return <Tag tone={matchTones[match]}>{t(`imports.match.${match}`)}</Tag>;
}

/** What the first rows say of the choice. */
function TrialNote({ trial }: { trial: Trial | undefined }) {
  const { t } = useWords();
  if (!trial) return null;
  const total = trial.readable + trial.unreadable.length + trial.missing;
  if (total === 0) return null;
  if (trial.unreadable.length > 0)
    return <span className={classes.wrong}>{t('imports.trial-wrong', { count: trial.unreadable.length, total })}</span>;
  if (trial.missing > 0)
    return <span className={classes.wrong}>{t('imports.trial-missing', { count: trial.missing, total })}</span>;
  return <span className={classes.note}>{t('imports.trial-right', { count: total })}</span>;
}

/** Fields without which no row is accepted. */
function RequiredFields({ record, mapping }: { record: ImportRecord; mapping: Mapping }) {
  const { t } = useWords();
  return (
    <Panel title={t('imports.required')}>
      <ul className={classes.required}>
        {record.fields
          .filter((field) => field.required)
          .map(({ name, label }) => {
            const place = mapping[name] ?? null;
            return (
              <li key={name}>
                <span>{label}</span>
                {place === null ? (
                  <Tag tone="red">{t('imports.required-missing')}</Tag>
                ) : (
                  <span className={classes.found}>{record.header[place] || columnLetter(place)}</span>
                )}
              </li>
            );
          })}
      </ul>
    </Panel>
  );
}

/** How days are written in this file, with what it makes of the first one. */
function DateOrderChoice({
  record,
  mapping,
  order,
  onOrder,
}: {
  record: ImportRecord;
  mapping: Mapping;
  order: DateOrder;
  onOrder(order: DateOrder): void;
}) {
  const { t, language } = useWords();
  const example = exampleDay(record, mapping, order);
  if (!example) return null;
  const long = new Intl.DateTimeFormat({ fr: 'fr-BE', nl: 'nl-BE', en: 'en-GB' }[language], { dateStyle: 'long' });
  return (
    <Panel title={t('imports.date-order')}>
      <Radio.Group value={order} onChange={(value) => onOrder(value as DateOrder)} aria-label={t('imports.date-order')}>
        <Stack gap={6}>
          {dateOrder.options.map((value) => (
            <Radio key={value} size="sm" value={value} label={t(`imports.date-order.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <p className={classes.example} role="status">
        {example.read
          ? t('imports.date-read', { typed: example.typed, read: long.format(new Date(`${example.read}T12:00:00`)) })
          : t('imports.date-unread', { typed: example.typed })}
      </p>
    </Panel>
  );
}

/** What Palier knows and this file does not carry: left as it is. */
function AbsentFields({ record, mapping }: { record: ImportRecord; mapping: Mapping }) {
  const { t } = useWords();
  const absent = record.fields.filter(({ name, required }) => !required && (mapping[name] ?? null) === null);
  if (absent.length === 0) return null;
  return (
    <Panel title={t('imports.absent')}>
      <p className="dim">{absent.map(({ label }) => label).join(', ')}.</p>
      <p className={classes.absentHint}>{t('imports.absent-hint')}</p>
    </Panel>
  );
}
