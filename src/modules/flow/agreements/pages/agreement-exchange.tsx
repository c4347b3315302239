import { Stack } from '@mantine/core';
import { isLocalDate } from '../../../../kernel/local-date.ts';
import { Empty, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { AgreementRecord } from '../contract.ts';
import type { Drawer } from './agreement-drawers.tsx';
import classes from './agreement-exchange.module.css';

/** Who signed what, and all that happened between the two parties. */
export function AgreementExchange({ record, open }: { record: AgreementRecord; open(drawer: Drawer): void }) {
  const { t, word, day, moment, rate } = useWords();
  const signatures = record.versions.flatMap((version) =>
    version.signatures.map((signature) => ({ ...signature, number: version.number })),
  );
  /** Shares and days of a move as its sentence prints them. */
  const factsOf = (facts: AgreementRecord['moves'][number]['facts']) =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        ['share', 'cap'].includes(name)
          ? rate(String(value))
          : typeof value === 'string' && isLocalDate(value)
            ? day(value)
            : name === 'changed'
              ? Number(value)
              : String(value ?? '–'),
      ]),
    );
  /** A need as its criterion says it. */
  const needOf = ({ criterion, value }: AgreementRecord['moves'][number]['facts']) =>
    criterion ? { need: t(`targets.${criterion}`, { value: String(value) }) } : {};
  return (
    <Stack gap={14}>
      <Panel title={t('agreements.signatures')} flush>
        {signatures.length === 0 ? (
          <Empty title={t('agreements.signatures-none')} />
        ) : (
          <PlainTable
            caption={t('agreements.signatures')}
            rows={signatures}
            rowKey={(signature) => `${signature.number} ${signature.party}`}
            columns={[
              {
                title: t('agreements.version'),
                render: ({ number }) =>
                  number === 0 ? t('agreements.version-first') : t('agreements.version-number', { number }),
              },
              { title: t('agreements.party'), render: ({ party }) => word('party', party) },
              {
                title: t('agreements.signatory'),
                render: ({ signatory, title }) => [signatory, title].filter(Boolean).join(', '),
              },
              { title: t('agreements.signature-day'), render: ({ signedOn }) => day(signedOn) },
              { title: '', render: ({ channel }) => <span className="dim">{word('signature-channel', channel)}</span> },
            ]}
          />
        )}
      </Panel>
      <Panel
        title={t('agreements.exchange')}
        aside={
          record.can.comment && (
            <QuietButton size="compact-sm" onClick={() => open({ kind: 'comment' })}>
              {t('agreements.comment')}
            </QuietButton>
          )
        }
      >
        {record.moves.length === 0 ? (
          <p className="dim">{t('agreements.exchange-none')}</p>
        ) : (
          <ol className={classes.moves}>
            {record.moves.map((move) => (
              <li key={move.id}>
                <div className="strong">
                  {t(`agreements.moves.${move.kind}`, { ...factsOf(move.facts), ...needOf(move.facts) })}
                </div>
                {move.words && <p className={classes.words}>« {move.words} »</p>}
                <div className="dim">
                  <time dateTime={move.at}>{moment(move.at)}</time> · {move.by} ({move.organisation})
                </div>
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </Stack>
  );
}
