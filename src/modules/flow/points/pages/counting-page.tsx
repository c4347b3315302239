import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Empty, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { closeYear, getCounting } from '../contract.ts';
import { CountingTabs } from './counting-tabs.tsx';
import { DecisionForm } from './decision-form.tsx';
import { PhaseLines } from './phase-lines.tsx';
import { RuleForm } from './rule-form.tsx';

type Counting = ReplyOf<typeof getCounting>;
type ProposedRule = Counting['rules'][number];

/** Comptage: the rules in force for each agreement, those proposed and who answered, the years that are closed. */
export default function CountingPage() {
  const { t } = useWords();
  const { may } = useActor();
  const client = useQueryClient();
  const [proposing, setProposing] = useState(false);
  const [deciding, setDeciding] = useState<{ rule: ProposedRule; decision: 'approved' | 'refused' } | null>(null);
  const [closing, setClosing] = useState(false);
  const query = useQuery({ queryKey: ['counting'], queryFn: () => call(getCounting) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const counting = query.data;
  const done = () => {
    setProposing(false);
    setDeciding(null);
    setClosing(false);
    client.invalidateQueries();
  };
  return (
    <Page
      title={t('nav.counting')}
      context={t('points.unverified')}
      actions={
        <>
          <CountingTabs />
          {may('flow.agree-counting') && counting.agreements.length > 0 && (
            <Button onClick={() => setProposing(true)}>{t('points.propose')}</Button>
          )}
        </>
      }
    >
      <Crumbs title={t('nav.counting')} />
      <Stack gap={14}>
        <ProposedRules counting={counting} onDecide={(rule, decision) => setDeciding({ rule, decision })} />
        <InForce counting={counting} />
        <Closings counting={counting} onClose={() => setClosing(true)} />
        <JournalPanel today={counting.today} />
      </Stack>
      <RuleForm agreements={counting.agreements} opened={proposing} onClose={() => setProposing(false)} onDone={done} />
      <DecisionForm deciding={deciding} onClose={() => setDeciding(null)} onDone={done} />
      <FormDrawer
        opened={closing}
        onClose={() => setClosing(false)}
        onDone={done}
        title={t('points.close', { year: String(counting.closable) })}
        submitLabel={t('points.close', { year: String(counting.closable) })}
        danger
        initial={{}}
        submit={(_, key) => call(closeYear, { key, body: { year: counting.closable! } })}
      >
        {() => <p>{t('points.close-confirm', { year: String(counting.closable) })}</p>}
      </FormDrawer>
    </Page>
  );
}

function ProposedRules({
  counting,
  onDecide,
}: {
  counting: Counting;
  onDecide(rule: ProposedRule, decision: 'approved' | 'refused'): void;
}) {
  const { t, day } = useWords();
  const title = t('points.rules');
  return (
    <Panel title={title} aside={t('points.regional')} flush>
      {counting.rules.length === 0 ? (
        <Empty title={t('points.rules-none')}>{t('points.rules-none-hint')}</Empty>
      ) : (
        <PlainTable
          stacks
          caption={title}
          rows={counting.rules}
          rowKey={(rule) => rule.id}
          columns={[
            {
              title: t('points.rule'),
              render: (rule) => <PhaseLines phases={rule.phases} warnings={rule.warnings} />,
            },
            {
              title: t('points.for'),
              render: (rule) =>
                rule.holder ? (
                  <>
                    {rule.holder}
                    <br />
                    <span className="dim">{rule.perimeterName}</span>
                  </>
                ) : (
                  <>
                    {t('points.all-agreements')}
                    <br />
                    <span className="dim">{rule.landlord}</span>
                  </>
                ),
            },
            {
              title: t('points.rule-state'),
              render: (rule) => (
                <>
                  {t('points.proposed-by', { party: rule.proposedBy, day: day(rule.proposedAt.slice(0, 10)) })}
                  <br />
                  <span className="dim">{rule.note}</span>
                  <Decisions rule={rule} />
                  {rule.waiting.length > 0 && (
                    <div className="dim">{t('points.waiting', { parties: rule.waiting.join(', ') })}</div>
                  )}
                </>
              ),
            },
            {
              title: <span className="visually-hidden">{t('points.approve')}</span>,
              render: (rule) =>
                rule.canDecide && (
                  <Group gap={6} wrap="nowrap">
                    <Button size="xs" onClick={() => onDecide(rule, 'approved')}>
                      {t('points.approve')}
                    </Button>
                    <Button size="xs" variant="default" onClick={() => onDecide(rule, 'refused')}>
                      {t('points.refuse')}
                    </Button>
                  </Group>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** Who answered: those who approve in a number that opens, those who refuse with their reason. */
function Decisions({ rule }: { rule: ProposedRule }) {
  const { t } = useWords();
  const others = rule.decisions.filter(({ party }) => party !== rule.proposedBy);
  const approved = others.filter(({ decision }) => decision === 'approved');
  return (
    <>
      {approved.length > 0 && (
        <details>
          <summary>
            <Tag tone="green">{t('points.have-approved', { count: approved.length })}</Tag>
          </summary>
          {approved.map(({ party }) => (
            <div key={party}>{party}</div>
          ))}
        </details>
      )}
      {others
        .filter(({ decision }) => decision === 'refused')
        .map(({ party, reason }) => (
          <div key={party}>
            {party} <Tag tone="red">{t('points.refused')}</Tag> <span className="dim">{reason}</span>
          </div>
        ))}
    </>
  );
}

function InForce({ counting }: { counting: Counting }) {
  const { t, word } = useWords();
  const { organisationKind } = useActor();
  const title = t('points.in-force');
  // Agreements that count alike stand together: one reads a rule once.
  const alike = [...Map.groupBy(counting.agreements, ({ phases }) => JSON.stringify(phases)).values()].toSorted(
    (a, b) => b.length - a.length,
  );
  return (
    <Panel title={title} flush>
      {alike.length === 0 ? (
        <Empty title={t('points.none')}>{t('points.none-hint')}</Empty>
      ) : (
        <PlainTable
          stacks
          caption={title}
          rows={alike}
          rowKey={([first]) => first!.agreementId}
          columns={[
            {
              title: t('points.rule'),
              width: '52%',
              render: ([first]) => (
                <>
                  <PhaseLines phases={first!.phases} />
                  {first!.isDefault && <Tag>{t('points.default-rule')}</Tag>}
                </>
              ),
            },
            {
              title: t(organisationKind === 'landlord' ? 'points.holder' : 'points.landlord'),
              render: (rows) =>
                rows.map((row) => (
                  <div key={row.agreementId}>
                    {organisationKind === 'landlord' ? row.holder : row.landlord}{' '}
                    <span className="dim">
                      {row.perimeterName} · {word('contingent', row.contingent)}
                    </span>
                  </div>
                )),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Closings({ counting, onClose }: { counting: Counting; onClose(): void }) {
  const { t, day } = useWords();
  const title = t('points.closings');
  const act = counting.closable !== null && (
    <Button size="xs" variant="default" onClick={onClose}>
      {t('points.close', { year: String(counting.closable) })}
    </Button>
  );
  return (
    <Panel title={title} aside={act} flush>
      {counting.closings.length === 0 ? (
        <Empty title={t('points.closings-none')}>{t('points.closings-none-hint')}</Empty>
      ) : (
        <PlainTable
          caption={title}
          rows={counting.closings}
          rowKey={(closing) => `${closing.landlord} ${closing.year}`}
          columns={[
            { title: t('points.year'), render: (closing) => <strong>{closing.year}</strong> },
            { title: t('points.landlord'), render: (closing) => closing.landlord },
            { title: t('points.closed'), render: (closing) => day(closing.closedOn) },
            { title: t('points.counted-events'), render: (closing) => t('points.events', { count: closing.events }) },
            {
              title: t('points.fingerprint'),
              render: (closing) => <code title={closing.hash}>{closing.hash.slice(0, 16)}…</code>,
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** The journal anyone may take away and recount. */
function JournalPanel({ today }: { today: string }) {
  const { t } = useWords();
  const { organisationId } = useActor();
  const thisYear = Number(today.slice(0, 4));
  return (
    <Panel title={t('points.journal')}>
      <p>{t('points.journal-hint', { year: String(thisYear) })}</p>
      <Group gap={18} mt={8}>
        {[thisYear, thisYear - 1].map((year) => (
          <Anchor key={year} href={`/api/v1/flow/journal?year=${year}&organisation=${organisationId}`} download>
            {t('points.journal-take', { year: String(year) })}
          </Anchor>
        ))}
      </Group>
    </Panel>
  );
}
