import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Chip } from '../../../../ui/list-table.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useListState } from '../../../../ui/use-list-state.ts';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { getConsolidation } from '../contract.ts';
import { objectiveOf } from '../rules/objectives.ts';
import { signed } from './agreement-standing.tsx';
import classes from './relettings-page.module.css';
import { TerritoryTabs } from './territory-tabs.tsx';
import { Understand } from './understand.tsx';

type Consolidation = ReplyOf<typeof getConsolidation>;
type Line = Consolidation['lines'][number];
type Objective = Consolidation['objectives'][number];

const tones: Record<Objective['state'], Tone> = { reached: 'green', missed: 'red', 'not-measured': 'neutral' };

/** Flux du territoire: the flow of every landlord one watches over, by contingent, without names (F-81, L-60 to L-62). */
export default function TerritoryPage() {
  const { t, number, fixed, day, word } = useWords();
  const { organisationId, today } = useActor();
  const [state, setState] = useListState();
  const year = yearOf(today);
  const query = useQuery({
    queryKey: ['consolidation', organisationId, state.year],
    queryFn: () => call(getConsolidation, { query: { year: state.year as number | undefined } }),
    placeholderData: (previous) => previous,
  });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { data } = query;
  const departments = [...new Set(data.lines.map(({ department }) => department))].sort();
  const department = String(state.department ?? '');
  const lines = data.lines.filter((line) => !department || line.department === department);
  const objectives = data.objectives.filter((one) => !department || one.department === department);
  const holders = lines.filter(({ contingent }) => contingent !== 'own');
  const landlords = new Set(data.lines.map(({ landlordId }) => landlordId)).size;
  const sum = (pick: (line: Line) => number) => holders.reduce((total, line) => total + pick(line), 0);
  const due = sum((line) => Number(line.due));
  const proposed = sum((line) => line.proposed);
  return (
    <Page
      title={t('territory.title', { count: landlords })}
      context={t('territory.context', { from: day(data.from), to: day(data.to) })}
    >
      <Crumbs title={t('nav.flow-territory')} />
      <TerritoryTabs />
      <div className={classes.tools}>
        {departments.map((code) => (
          <Chip
            key={code}
            on={department === code}
            onClick={() => setState({ ...state, department: department === code ? undefined : code })}
          >
            {t('cockpit.department', { code })}
          </Chip>
        ))}
        <Select
          size="xs"
          w={96}
          aria-label={t('cockpit.year')}
          data={[year, year - 1, year - 2].map(String)}
          value={String(state.year ?? year)}
          allowDeselect={false}
          onChange={(value) => setState({ ...state, year: value === String(year) ? undefined : value })}
        />
      </div>
      {data.lines.length === 0 ? (
        <Panel>
          <Empty title={t('territory.empty')}>{t('territory.empty-hint')}</Empty>
        </Panel>
      ) : (
        <>
          <Figures
            figures={[
              {
                value: number(
                  lines.filter(({ contingent }) => contingent === 'own').reduce((total, line) => total + line.freed, 0),
                ),
                label: t('cockpit.freed'),
              },
              { value: fixed(due), label: t('cockpit.due') },
              { value: number(proposed), label: t('cockpit.proposed') },
              { value: number(sum((line) => line.leased ?? 0)), label: t('cockpit.leased') },
              { value: signed(fixed, proposed - due), label: t('cockpit.gap') },
            ]}
          />
          <div className={classes.parts}>
            <Panel title={t('territory.lines')} aside={t('territory.lines-hint')} flush>
              <PlainTable
                caption={t('territory.lines')}
                rows={lines}
                rowKey={(line) => line.landlordId + line.department + line.contingent}
                columns={[
                  { title: t('territory.landlord'), render: (line) => line.landlord },
                  { title: t('territory.department'), render: (line) => line.department },
                  {
                    title: t('territory.contingent'),
                    render: (line) => (
                      <span className="strong">
                        {line.contingent === 'own' ? t('cockpit.own') : word('contingent', line.contingent)}
                      </span>
                    ),
                  },
                  { title: t('cockpit.freed'), align: 'right', render: (line) => number(line.freed) },
                  {
                    title: t('cockpit.due'),
                    align: 'right',
                    render: (line) => (
                      <>
                        {fixed(line.due)} <Why steps={stepsOf(line)}>?</Why>
                      </>
                    ),
                  },
                  { title: t('cockpit.proposed'), align: 'right', render: (line) => number(line.proposed) },
                  {
                    title: t('cockpit.gap'),
                    align: 'right',
                    render: (line) => {
                      const gap = line.proposed - Number(line.due);
                      return gap < -line.tolerance ? <Tag tone="red">{signed(fixed, gap)}</Tag> : signed(fixed, gap);
                    },
                  },
                  {
                    title: t('cockpit.leased'),
                    align: 'right',
                    render: (line) => (line.leased === null ? '–' : number(line.leased)),
                  },
                ]}
              />
            </Panel>
            <Panel
              title={t('territory.objectives')}
              aside={t('territory.objectives-hint')}
              flush={objectives.length > 0}
            >
              {objectives.length === 0 ? (
                <Empty title={t('territory.no-lease')}>{t('territory.no-lease-hint')}</Empty>
              ) : (
                <Objectives objectives={objectives} />
              )}
            </Panel>
          </div>
        </>
      )}
      <Understand topic="territory" />
    </Page>
  );
}

function Objectives({ objectives }: { objectives: readonly Objective[] }) {
  const { t, rate, number, word } = useWords();
  const scopeOf = (one: Objective) =>
    one.objective === 'priority'
      ? one.scope === 'own'
        ? t('cockpit.own')
        : word('contingent', one.scope ?? 'other')
      : one.scope
        ? t('territory.ept', { siren: one.scope })
        : t('territory.outside-ept', { department: one.department });
  return (
    <PlainTable
      caption={t('territory.objectives')}
      rows={objectives}
      rowKey={(one) => one.objective + one.landlord + one.department + one.scope}
      columns={[
        {
          title: t('territory.objective'),
          render: (one) => <span className="strong">{t(`territory.objective-${one.objective}`)}</span>,
        },
        { title: t('territory.landlord'), render: (one) => one.landlord },
        { title: t('territory.scope'), render: scopeOf },
        {
          title: t('territory.known'),
          align: 'right',
          render: (one) => t('territory.known-of', { known: number(one.known), leases: number(one.leases) }),
        },
        {
          title: t('territory.result'),
          align: 'right',
          render: (one) => (
            <>
              {one.rate === null ? '–' : rate(one.rate)} <Why steps={objectiveOf(one).steps}>?</Why>
            </>
          ),
        },
        {
          title: t('territory.state'),
          render: (one) => (
            <>
              <Tag tone={tones[one.state]}>{t(`territory.state-${one.state}`)}</Tag>{' '}
              {one.why && <span className="dim">{word('objective-why', one.why)}</span>}
            </>
          ),
        },
      ]}
    />
  );
}

/** How the due of a line comes: the program of the landlord adds the shares, vacancy by vacancy. */
const stepsOf = (line: Line): Step[] => [
  { label: 'territory.freed', result: { unit: 'count', value: line.freed } },
  {
    label: line.contingent === 'own' ? 'territory.own-due' : 'territory.due',
    result: { unit: 'number', value: line.due },
  },
  { label: 'gap.proposed', result: { unit: 'count', value: line.proposed } },
];
