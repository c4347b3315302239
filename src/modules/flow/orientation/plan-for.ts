import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Explained } from '../../../kernel/rule.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { type PlannedVacancy, planFigures } from './queries.ts';
import { type Plan, planOrientations } from './rules/plan.ts';
import { ownShare } from './rules/shares.ts';

/** A place of the plan where dwellings are counted: whose it is, and where. */
export type PlanCell = {
  id: string;
  /** The agreement, or `own`. */
  party: string;
  /** Null for the own contingent. */
  holderId: string | null;
  name: string;
  nominationDays: number | null;
  contingent: string | null;
  scale: 'municipality' | 'department' | 'territory' | 'landlord';
  code: string;
};

/**
 * Orients vacancies all at once, beside the suggestions one by one: nothing is written. Vacancies come in the order in
 * which they would be oriented. `options` says where each may go.
 */
export async function planFor(
  tx: Tx,
  landlordId: string,
  vacancies: readonly PlannedVacancy[],
  today: LocalDate,
): Promise<Explained<Plan> & { cells: PlanCell[]; options: ReadonlyMap<string, readonly string[]> }> {
  const figures = await planFigures(tx, landlordId, vacancies, today);
  const options = Map.groupBy(figures.options, ({ vacancyId }) => vacancyId);
  const idOf = (party: string, code: string) => `${party}@${code}`;
  const agreements = figures.cells.map((cell) => ({
    ...cell,
    id: idOf(cell.agreementId, cell.code),
    party: cell.agreementId,
  }));
  const own = figures.own.map(({ department, freed, kept, promised }) => ({
    id: idOf('own', department),
    party: 'own',
    holderId: null,
    name: 'own',
    nominationDays: null,
    contingent: null,
    scale: 'landlord' as const,
    code: department,
    share: ownShare({ freed, promised }),
    freed,
    proposed: kept,
  }));
  const cells = [...agreements, ...own];
  const open = vacancies.map(({ id, facts }) => ({
    id,
    options: [
      ...(options.get(id) ?? []).map(({ agreementId, code, targets }) => ({ cell: idOf(agreementId, code), targets })),
      { cell: idOf('own', facts.department), targets: [] },
    ],
  }));
  const plan = planOrientations({
    cells: cells.map((cell) => ({ ...cell, freed: Math.max(0, cell.freed), proposed: Math.max(0, cell.proposed) })),
    targets: figures.targets,
    vacancies: open,
    on: today,
  });
  return {
    ...plan,
    cells: cells.map(({ id, party, holderId, name, nominationDays, contingent, scale, code }) => ({
      ...{ id, party, holderId, name, nominationDays, contingent, scale, code },
    })),
    options: new Map(open.map((vacancy) => [vacancy.id, vacancy.options.map(({ cell }) => cell)])),
  };
}
