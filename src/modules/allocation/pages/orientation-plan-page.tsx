import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { ApiProblem, call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Empty, Figures, Page, PageSkeleton, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { applyPlan, listPlans, planOrientations, undoPlan } from '../contract.ts';
import { sizeOf } from './dwelling-size.ts';
import classes from './orientation-plan-page.module.css';

type Plan = ReplyOf<typeof planOrientations>;
type Planned = Plan['vacancies'][number];

/** All that waits, shared at once, beside the suggestions one by one; each choice is then decided as any orientation is. */
export default function OrientationPlanPage() {
  const { t, day, fixed, word } = useWords();
  const { organisationId } = useActor();
  const [keeping, setKeeping] = useState(false);
  const plan = useQuery({
    queryKey: ['orientation-plan', organisationId],
    queryFn: () => call(planOrientations, { body: {} }),
  });
  if (isNothing(plan.error)) {
    return (
      <Page title={t('orientation-plan.nothing')} context={t('orientation-plan.context')}>
        <PlanCrumbs />
        <Empty title={t('orientation.list-empty')}>{t('orientation.list-empty-hint')}</Empty>
        <AppliedPlans />
      </Page>
    );
  }
  if (plan.error) return <ProblemPage problem={plan.error} />;
  if (plan.isPending) return <PageSkeleton />;

  const { vacancies, parties, before, together, oneByOne, steps } = plan.data;
  const nameOf = nameIn(plan.data, t);
  const differing = vacancies.filter((vacancy) => vacancy.together !== vacancy.oneByOne).length;
  return (
    <Page
      title={t('orientation-plan.title', { count: vacancies.length })}
      context={t('orientation-plan.context')}
      actions={<Button onClick={() => setKeeping(true)}>{t('orientation-plan.keep')}</Button>}
    >
      <PlanCrumbs />
      <div className={classes.blocks}>
        <Panel title={t('orientation-plan.gaps')} aside={<Why steps={steps as Step[]} />}>
          <Figures
            figures={[
              { value: fixed(before.gaps), label: t('orientation-plan.now') },
              {
                value: fixed(oneByOne.gaps),
                label: `${t('orientation-plan.one-by-one')} · ${t('orientation-plan.serving', { count: oneByOne.serving })}`,
              },
              {
                value: fixed(together.gaps),
                label: `${t('orientation-plan.together')} · ${t('orientation-plan.serving', { count: together.serving })}`,
              },
            ]}
          />
        </Panel>
        <Panel
          title={t('orientation-plan.vacancies')}
          aside={t('orientation-plan.vacancies-aside', { count: differing })}
          flush
        >
          <PlainTable<Planned>
            caption={t('orientation-plan.vacancies')}
            rows={vacancies}
            rowKey={(row) => row.id}
            columns={[
              {
                title: t('orientation-plan.dwelling'),
                render: (row) => (
                  <Link to="/liberations/$id/orientation" params={{ id: row.id }}>
                    {row.address}, {row.municipality}
                  </Link>
                ),
              },
              {
                title: t('proposals.type'),
                render: (row) => [sizeOf(row, t), row.funding].filter(Boolean).join(' · '),
              },
              { title: t('orientation-plan.opened'), render: (row) => day(row.openedOn) },
              { title: t('orientation-plan.one-by-one'), render: (row) => nameOf(row.oneByOne) },
              {
                title: t('orientation-plan.together'),
                render: (row) => (
                  <>
                    {nameOf(row.together)}{' '}
                    {row.together !== row.oneByOne && <Tag tone="blue">{t('orientation-plan.differs')}</Tag>}
                  </>
                ),
              },
            ]}
          />
        </Panel>
        <Panel title={t('orientation-plan.parties')} aside={t('orientation-plan.parties-aside')} flush>
          <PlainTable<Plan['parties'][number]>
            caption={t('orientation-plan.parties')}
            rows={parties}
            rowKey={(row) => row.id}
            columns={[
              {
                title: t('orientation.party'),
                render: (row) => (
                  <>
                    {nameOf(row.party)}{' '}
                    {row.contingent && <span className="dim">{word('contingent', row.contingent)}</span>}
                  </>
                ),
              },
              { title: t('orientation-plan.place'), render: (row) => `${word('scale', row.scale)} · ${row.place}` },
              { title: t('orientation-plan.due'), align: 'right', render: (row) => fixed(row.due) },
              { title: t('orientation-plan.before'), align: 'right', render: (row) => fixed(row.gapBefore) },
              { title: t('orientation-plan.one-by-one'), align: 'right', render: (row) => fixed(row.gapOneByOne) },
              {
                title: t('orientation-plan.together'),
                align: 'right',
                render: (row) => <strong>{fixed(row.gapTogether)}</strong>,
              },
            ]}
          />
        </Panel>
        <AppliedPlans />
      </div>
      {keeping && <Keep plan={plan.data} onClose={() => setKeeping(false)} />}
    </Page>
  );
}

/** Nothing waits: that is no error here, and plans already applied may still be taken back. */
const isNothing = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'E-ORIENTATION-05';

function PlanCrumbs() {
  const { t } = useWords();
  return (
    <Crumbs
      title={t('orientation-plan.crumb')}
      path={[{ label: 'list', link: <Link to="/orientation">{t('nav.orientation')}</Link> }]}
    />
  );
}

type Applied = ReplyOf<typeof listPlans>['items'][number];

/** The last plans applied; each may be taken back as a whole, as long as nobody went on with one of its dwellings. */
function AppliedPlans() {
  const { t, day } = useWords();
  const { organisationId, may } = useActor();
  const [undoing, setUndoing] = useState<Applied | null>(null);
  const plans = useQuery({
    queryKey: ['orientation-plans', organisationId],
    queryFn: () => call(listPlans, { query: { limit: 10, order: 'desc' } }),
  });
  if (plans.error) return <ProblemAlert problem={plans.error} />;
  if (!plans.data || plans.data.items.length === 0) return null;
  return (
    <Panel title={t('orientation-plan.applied-plans')} aside={t('orientation-plan.applied-plans-aside')} flush>
      <PlainTable<Applied>
        caption={t('orientation-plan.applied-plans')}
        rows={plans.data.items}
        rowKey={(row) => row.id}
        columns={[
          { title: t('orientation-plan.applied-on'), render: (row) => day(row.appliedOn) },
          { title: t('orientation-plan.by'), render: (row) => row.by },
          { title: t('orientations.reason'), render: (row) => row.reason },
          { title: t('orientation-plan.dwellings'), align: 'right', render: (row) => row.dwellings },
          {
            title: t('orientation-plan.state'),
            render: (row) =>
              row.undoneOn ? (
                <>
                  <Tag tone="amber">
                    {t('orientation-plan.undone', { on: day(row.undoneOn), by: row.undoneBy ?? '' })}
                  </Tag>{' '}
                  <span className="dim">{row.undoneReason}</span>
                </>
              ) : may('allocation.orient') ? (
                <QuietButton size="compact-sm" onClick={() => setUndoing(row)}>
                  {t('orientation-plan.undo')}
                </QuietButton>
              ) : (
                <Tag tone="green">{t('orientation-plan.in-force')}</Tag>
              ),
          },
        ]}
      />
      {undoing && <Undo plan={undoing} onClose={() => setUndoing(null)} />}
    </Panel>
  );
}

function Undo({ plan, onClose }: { plan: Applied; onClose: () => void }) {
  const { t, day } = useWords();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const undo = useMutation({
    mutationFn: () => call(undoPlan, { params: { id: plan.id }, body: { reason: reason.trim() } }),
    onSuccess: () => {
      onClose();
      client.invalidateQueries();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('orientation-plan.undo-title', { on: day(plan.appliedOn) })}>
      <p className={classes.hint}>{t('orientation-plan.undo-hint', { count: plan.dwellings })}</p>
      <TextInput
        label={t('orientation-plan.undo-reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        required
      />
      <ProblemAlert problem={undo.error} />
      <div className={classes.acts}>
        <Button onClick={() => undo.mutate()} loading={undo.isPending} disabled={reason.trim().length < 3}>
          {t('orientation-plan.undo-all', { count: plan.dwellings })}
        </Button>
      </div>
    </Modal>
  );
}

const nameIn =
  ({ parties }: Plan, t: (key: string) => string) =>
  (party: string): string =>
    party === 'own' ? t('orientation.own') : (parties.find((one) => one.party === party)?.name ?? party);

/** Before anything is decided: what will be, dwelling by dwelling, each of which may be left out. */
function Keep({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { t, day } = useWords();
  const client = useQueryClient();
  const { vacancies } = plan;
  const nameOf = nameIn(plan, t);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(vacancies.map(({ id }) => id)));
  const [reason, setReason] = useState(() => t('orientation-plan.reason-default', { on: day(plan.today) }));
  const apply = useMutation({
    mutationFn: () =>
      call(applyPlan, {
        body: {
          choices: vacancies
            .filter(({ id }) => chosen.has(id))
            .map(({ id, version, together }) => ({ vacancyId: id, agreementId: together, version })),
          reason: reason.trim(),
        },
      }),
    onSuccess: () => {
      onClose();
      client.invalidateQueries();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('orientation-plan.preview')} size="lg" closeOnEscape={!apply.isPending}>
      <p className={classes.hint}>{t('orientation-plan.preview-hint')}</p>
      <ul className={classes.choices}>
        {vacancies.map((vacancy) => (
          <li key={vacancy.id}>
            <Checkbox
              checked={chosen.has(vacancy.id)}
              disabled={apply.isPending}
              onChange={() => {
                const next = new Set(chosen);
                if (!next.delete(vacancy.id)) next.add(vacancy.id);
                setChosen(next);
              }}
              label={`${vacancy.address}, ${vacancy.municipality} ${t('orientation-plan.to', { name: nameOf(vacancy.together) })}`}
            />
          </li>
        ))}
      </ul>
      <TextInput
        label={t('orientation-plan.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
      />
      <ProblemAlert problem={apply.error} />
      <div className={classes.acts}>
        <Button
          onClick={() => apply.mutate()}
          loading={apply.isPending}
          disabled={chosen.size === 0 || reason.trim().length < 3}
        >
          {t('orientation-plan.apply', { count: chosen.size })}
        </Button>
      </div>
    </Modal>
  );
}
