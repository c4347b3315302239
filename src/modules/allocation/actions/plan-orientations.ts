import type { LocalDate } from '../../../kernel/local-date.ts';
import { notFound, refused } from '../../../kernel/problem.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { planFor } from '../../flow/index.ts';
import { flowFactsOf, vacanciesToOrient } from '../queries.ts';
import { sharesFlow } from './refresh-stage.ts';

/**
 * The vacancies of the base that wait, oriented all at once, beside the suggestions one by one. Nothing is written: each
 * choice is then decided as any orientation is.
 * @throws Problem E-NOT-FOUND-01 where flows are not shared; E-ORIENTATION-05 when nothing waits
 */
export async function planOrientations(tx: Tx, actor: Actor, vacancyIds: string[] | null, today: LocalDate) {
  if (!sharesFlow(actor)) throw notFound();
  const vacancies = await vacanciesToOrient(tx, actor.organisationId, vacancyIds);
  if (vacancies.length === 0) throw refused('E-ORIENTATION-05');
  const { result, steps, cells } = await planFor(
    tx,
    actor.organisationId,
    vacancies.map((vacancy) => ({ id: vacancy.id, facts: flowFactsOf(vacancy) })),
    today,
  );
  const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
  const placeOf = new Map(vacancies.map(({ municipalityCode, municipality }) => [municipalityCode, municipality]));
  return {
    vacancies: vacancies.map((vacancy, index) => ({
      id: vacancy.id,
      version: vacancy.version,
      address: vacancy.address,
      municipality: vacancy.municipality,
      rooms: vacancy.rooms,
      bedrooms: vacancy.bedrooms,
      kind: vacancy.kind,
      funding: vacancy.funding,
      openedOn: vacancy.openedOn,
      together: cellOf.get(result.choices[index]!.together)!.party,
      oneByOne: cellOf.get(result.choices[index]!.oneByOne)!.party,
    })),
    parties: result.cells.map(({ id, due, gapBefore, gapTogether, gapOneByOne }) => {
      const { code, ...cell } = cellOf.get(id)!;
      return { ...cell, place: placeOf.get(code) ?? code, due, gapBefore, gapTogether, gapOneByOne };
    }),
    today,
    before: result.before,
    together: result.together,
    oneByOne: result.oneByOne,
    steps: steps as never,
  };
}
