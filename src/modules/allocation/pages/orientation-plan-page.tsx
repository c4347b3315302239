import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { Figures, Page, PageSkeleton, Panel, problemTitle } from '../../../ui/parts.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../ui/problem-page.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { orient, planOrientations } from '../contract.ts';
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
      <Crumbs
        title={t('orientation-plan.crumb')}
        path={[{ label: 'list', link: <Link to="/orientation">{t('nav.orientation')}</Link> }]}
      />
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
      </div>
      {keeping && <Keep plan={plan.data} onClose={() => setKeeping(false)} />}
    </Page>
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
  const [reason, setReason] = useState(() =>
    t('orientation-plan.reason-default', { on: day(new Date().toISOString().slice(0, 10)) }),
  );
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState<{ vacancy: Planned; why: string }[]>([]);
  const apply = useMutation({
    // One after the other: each is an orientation of its own, with its own event, and may be refused alone.
    mutationFn: async () => {
      const refused: { vacancy: Planned; why: string }[] = [];
      for (const vacancy of vacancies.filter(({ id }) => chosen.has(id))) {
        try {
          const body = { agreementId: vacancy.together, reason: reason.trim(), version: vacancy.version };
          await call(orient, { params: { id: vacancy.id }, body });
          setDone((count) => count + 1);
        } catch (problem) {
          refused.push({ vacancy, why: problemTitle(problem, t) });
        }
      }
      setFailed(refused);
      return refused;
    },
    onSuccess: (refused) => {
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'orientation-plan' });
      if (refused.length === 0) {
        onClose();
        client.invalidateQueries();
      }
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
              disabled={apply.isPending || apply.isSuccess}
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
      {(apply.isPending || failed.length > 0) && (
        <p className={classes.hint} role="status">
          {t('orientation-plan.applied', { done, total: chosen.size })}
        </p>
      )}
      {failed.length > 0 && (
        <section aria-label={t('orientation-plan.failed')}>
          <strong>{t('orientation-plan.failed')}</strong>
          <ul className={classes.choices}>
            {failed.map(({ vacancy, why }) => (
              <li key={vacancy.id}>
                {vacancy.address}: {why}
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className={classes.acts}>
        <Button
          onClick={() => apply.mutate()}
          loading={apply.isPending}
          disabled={chosen.size === 0 || reason.trim().length < 3 || apply.isSuccess}
        >
          {t('orientation-plan.apply', { count: chosen.size })}
        </Button>
      </div>
    </Modal>
  );
}
