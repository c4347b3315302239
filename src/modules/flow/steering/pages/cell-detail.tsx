import { Button, Group, SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { QueryInputOf } from '../../../../kernel/endpoint.ts';
import { call } from '../../../../ui/api.ts';
import { Empty, Facts, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Steps } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type getCockpit, listCounted } from '../contract.ts';
import { gapOf } from '../rules/gap.ts';
import type { Cell } from './cockpit-page.tsx';

/** A cell of the matrix, opened: how its figures come, and the vacancies behind them. */
export function CellDetail({
  cell,
  filters,
  tolerance,
  action,
}: {
  cell: Cell;
  filters: QueryInputOf<typeof getCockpit> & { department?: string };
  tolerance: number;
  action: ReactNode;
}) {
  const { t, word, shortDay } = useWords();
  const [which, setWhich] = useState<'proposed' | 'freed'>('proposed');
  const standing = gapOf({ parts: cell.parts, proposed: cell.proposed, tolerance });
  const query = {
    ...filters,
    ...(cell.place ? { municipality: cell.place.code } : {}),
    ...(which === 'proposed' ? { holder: cell.row.holderId, contingent: cell.row.contingent } : {}),
    order: 'desc' as const,
    limit: 100,
  };
  const counted = useQuery({
    queryKey: ['counted', query],
    queryFn: () => call(listCounted, { query: query as QueryInputOf<typeof listCounted> }),
  });
  return (
    <>
      <Facts
        facts={[
          [t('cockpit.contingent'), word('contingent', cell.row.contingent)],
          [t('cockpit.agreements'), cell.row.agreements.map(({ reference }) => reference).join(', ')],
          [t('cockpit.attributed'), cell.attributed],
          [t('cockpit.leased'), cell.leased],
        ]}
      />
      <div style={{ marginTop: 12 }}>
        <Panel>
          <Steps steps={standing.steps} />
        </Panel>
      </div>
      <Group my={12} gap={8}>
        {action}
        <Button
          component={Link}
          to="/liberations"
          search={(cell.place ? { municipality: cell.place.code } : {}) as never}
          variant="default"
        >
          {t('cockpit.open-vacancies')}
        </Button>
        <Button component={Link} to={`/conventions/${cell.agreementId}`} variant="default">
          {t('cockpit.open-agreement')}
        </Button>
      </Group>
      <SegmentedControl
        size="xs"
        mb={10}
        value={which}
        onChange={(value) => setWhich(value as 'freed')}
        data={[
          { value: 'proposed', label: t('cockpit.those-proposed') },
          { value: 'freed', label: t('cockpit.those-freed') },
        ]}
      />
      {counted.error ? (
        <ProblemAlert problem={counted.error} onRetry={() => counted.refetch()} />
      ) : counted.isPending ? (
        <Skeleton height={160} />
      ) : counted.data.items.length === 0 ? (
        <Empty title={t('cockpit.no-vacancy')} />
      ) : (
        <Panel title={t('cockpit.vacancies', { count: counted.data.total })} flush>
          <PlainTable
            caption={t('cockpit.vacancies', { count: counted.data.total })}
            rows={counted.data.items}
            rowKey={(row) => row.id}
            columns={[
              {
                title: t('standing.dwelling'),
                render: (row) => (
                  <Link to="/liberations/$id" params={{ id: row.id }} className="strong">
                    {row.address}
                  </Link>
                ),
              },
              { title: t('cockpit.freed-on'), render: (row) => (row.freedOn ? shortDay(row.freedOn) : '–') },
              { title: t('cockpit.proposed-on'), render: (row) => (row.proposedOn ? shortDay(row.proposedOn) : '–') },
              { title: t('cockpit.leased-on'), render: (row) => (row.leasedOn ? shortDay(row.leasedOn) : '–') },
            ]}
          />
        </Panel>
      )}
    </>
  );
}
