import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
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
import { listBaseRules, undoBaseRule } from '../contract.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';
import { ClassTag } from './class-tag.tsx';
import { RuleForm } from './rule-form.tsx';

type Rule = ReplyOf<typeof listBaseRules>['items'][number];

/** Règles: what classes the stock, in its order; each undone as a whole, and never forgotten. */
export default function RulesPage() {
  const { t, day, word } = useWords();
  const { organisationId } = useActor();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [undoing, setUndoing] = useState<Rule | null>(null);
  const query = useQuery({ queryKey: ['base-rules', organisationId], queryFn: () => call(listBaseRules) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items, can } = query.data;
  const running = items.filter(({ undoneAt }) => undoneAt === null);
  const conditionsOf = ({ conditions }: Rule) =>
    [
      ...conditions.buildings,
      ...conditions.municipalities,
      ...conditions.fundings,
      ...conditions.managements.map((value) => word('management', value)),
      ...conditions.programmes.map((value) => word('programme', value)),
      conditions.enteredFrom && t('base.entered-since', { on: day(conditions.enteredFrom) }),
      conditions.enteredUntil && t('base.entered-before', { on: day(conditions.enteredUntil) }),
      conditions.inPriorityArea !== null &&
        t(conditions.inPriorityArea ? 'base.in-priority-area' : 'base.outside-priority-area'),
    ]
      .filter(Boolean)
      .join(', ');
  const done = () => {
    setAdding(false);
    setUndoing(null);
    client.invalidateQueries();
  };
  return (
    <Page
      title={t('base.rules-title', { count: running.length })}
      context={t('base.rules-context')}
      actions={
        <>
          <BaseTabs />
          {can.manage && <Button onClick={() => setAdding(true)}>{t('base.add-rule')}</Button>}
        </>
      }
    >
      <Crumbs
        title={t('base.rules')}
        path={[{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }]}
      />
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('base.no-rules')}>{t('base.no-rules-hint')}</Empty>
        ) : (
          <PlainTable
            stacks
            caption={t('base.rules-title', { count: running.length })}
            rows={items}
            rowKey={(row) => row.id}
            columns={[
              { title: t('base.position'), align: 'right', width: 60, render: (row) => row.position },
              {
                title: t('base.rule-name'),
                render: (row) => (
                  <>
                    {row.undoneAt ? (
                      <span className={classes.undone}>{row.name}</span>
                    ) : (
                      <Link to="/assiette" search={{ rule: row.id } as never} className="strong">
                        {row.name}
                      </Link>
                    )}
                    <div className="dim">{conditionsOf(row)}</div>
                  </>
                ),
              },
              {
                title: t('base.class'),
                render: (row) => (
                  <>
                    <ClassTag baseClass={row.baseClass} />
                    {row.service && <div className="dim">{word('retained-service', row.service)}</div>}
                  </>
                ),
              },
              {
                title: t('base.dwellings-head'),
                align: 'right',
                render: (row) => (row.undoneAt ? '–' : row.dwellings),
              },
              {
                title: t('base.because'),
                render: (row) => (
                  <>
                    {row.undoneReason ? <Tag tone="red">{t('base.undone')}</Tag> : null}{' '}
                    {row.undoneReason ?? row.reason}
                    {row.document && <div className="dim">{row.document}</div>}
                  </>
                ),
              },
              {
                title: t('base.period'),
                render: (row) => (
                  <span className="nowrap">
                    {row.endsOn
                      ? t('base.between', { from: day(row.startsOn), until: day(row.endsOn) })
                      : t('base.since', { from: day(row.startsOn) })}
                  </span>
                ),
              },
              {
                title: <span className="visually-hidden">{t('base.undo')}</span>,
                align: 'right',
                render: (row) =>
                  can.manage &&
                  row.undoneAt === null && (
                    <Button variant="subtle" size="compact-xs" onClick={() => setUndoing(row)}>
                      {t('base.undo')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      <RuleForm opened={adding} onClose={() => setAdding(false)} onDone={done} />
      <FormDrawer
        opened={undoing !== null}
        onClose={() => setUndoing(null)}
        title={t('base.undo-of', { name: undoing?.name ?? '' })}
        submitLabel={t('base.undo-now', { count: undoing?.dwellings ?? 0 })}
        danger
        initial={{ reason: '' }}
        submit={({ reason }, key) => call(undoBaseRule, { params: { id: undoing!.id }, key, body: { reason } })}
        onDone={done}
      >
        {(form) => (
          <>
            <p className="dim">{t('base.undo-hint')}</p>
            <Textarea
              label={t('base.reason')}
              required
              autosize
              minRows={2}
              mt="sm"
              {...form.getInputProps('reason')}
            />
          </>
        )}
      </FormDrawer>
    </Page>
  );
}
