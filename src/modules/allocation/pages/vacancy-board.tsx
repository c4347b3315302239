import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Empty, ProblemAlert } from '../../../ui/parts.tsx';
import { Scrolled } from '../../../ui/scrolled.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listVacancies } from '../contract.ts';
import { type Stage, stages } from '../rules/stage.ts';
import { sizeOf } from './dwelling-size.ts';
import { useNextStep } from './stage-tag.tsx';
import type { VacancyItem } from './vacancies-page.tsx';
import classes from './vacancy-board.module.css';

const shown = stages.filter((stage) => stage !== 'let' && stage !== 'cancelled');

/** The same vacancies, a column a stage: for the weekly meeting. Stages of the other jurisdiction are left out. */
export function VacancyBoard() {
  const { t } = useWords();
  const { jurisdiction, organisationId } = useActor();
  const vacancies = useQuery({
    queryKey: ['list', listVacancies.id, organisationId, 'board'],
    queryFn: () => call(listVacancies, { query: { sort: 'due', limit: 200 } }),
  });
  if (vacancies.error) return <ProblemAlert problem={vacancies.error} onRetry={() => vacancies.refetch()} />;
  if (vacancies.isPending) return <Skeleton height={320} />;
  if (vacancies.data.items.length === 0) return <Empty title={t('vacancies.empty')}>{t('vacancies.empty-hint')}</Empty>;
  const byStage = Map.groupBy(vacancies.data.items, (row) => row.stage);
  const columns = shown.filter(
    (stage) => jurisdiction === 'fr-idf' || (stage !== 'to-orient' && stage !== 'with-holder'),
  );
  return (
    <Scrolled label={t('vacancies.as-board')} className={classes.board}>
      {columns.map((stage) => (
        <Stack key={stage} stage={stage} rows={byStage.get(stage) ?? []} />
      ))}
    </Scrolled>
  );
}

function Stack({ stage, rows }: { stage: Stage; rows: VacancyItem[] }) {
  const { t, word, amount } = useWords();
  const { today } = useActor();
  const next = useNextStep();
  return (
    <section className={classes.column}>
      <h2>
        {word('stage', stage)} <span>{rows.length}</span>
      </h2>
      <ul>
        {rows.map((row) => {
          const late = row.nextDueOn !== null && row.nextDueOn < today;
          return (
            <li key={row.id}>
              <Link to="/liberations/$id" params={{ id: row.id }} className={classes.card}>
                <strong>{row.address}</strong>
                <span className="dim">
                  {sizeOf(row, t)} · {row.municipality}
                </span>
                <span className={classes.foot}>
                  <span className={late ? classes.late : undefined}>{next(row.nextDueWhat, row.nextDueOn)}</span>
                  {row.voidDays !== null && (
                    <span>{t('vacancies.void-short', { days: row.voidDays, cost: amount(row.dailyCostCents) })}</span>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
