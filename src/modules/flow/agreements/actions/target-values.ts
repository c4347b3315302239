import { invalid, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import { type TargetBasis, targetBases } from '../queries.ts';

/** A criterion with what it compares with; `place` of a contractual target. */
export type Criterion = { criterion: string; value: string };

const forms: Record<string, RegExp> = {
  'rooms-min': /^[1-9]$/,
  rooms: /^[1-9]$/,
  funding: /^(PLAI|PLUS|PLS|PLI|OTHER)$/,
  'priority-area': /^(in|out)$/,
  'built-since': /^(1[89]|20)\d{2}$/,
  territory: /^\d{9}$/,
  near: /^\d{5}( \d{5}){0,19}$/,
};

/**
 * Refuses a value its criterion does not know, and the same need twice.
 * @param pathOf where the value stands in the form
 * @throws Problem E-FIELDS-01 naming the value; E-AGREEMENT-17 the same need twice
 */
export function requireValues(
  targets: readonly (Criterion & { target: number | null })[],
  pathOf: (index: number) => string,
): void {
  for (const [index, { criterion, value, target }] of targets.entries()) {
    const form = forms[criterion];
    if ((form && !form.test(value)) || (target === null) !== (criterion === 'in-words'))
      throw invalid('E-FIELDS-01', {}, [{ path: pathOf(index), code: 'E-FIELD-FORM' }]);
  }
  if (new Set(targets.map(({ criterion, value }) => `${criterion} ${value}`)).size < targets.length)
    throw invalid('E-AGREEMENT-17');
}

/**
 * Refuses a target that only few residences of the landlord can serve: it would name a programme (L-13, F-34). The
 * perimeter of the agreement itself is given by law.
 * @throws Problem E-AGREEMENT-10
 */
export async function requireCells(
  tx: Tx,
  agreement: { id: string; perimeterCode: string },
  criteria: readonly Criterion[],
  year: number,
  least: number,
): Promise<void> {
  const asked = criteria.filter(
    ({ criterion, value }) => criterion !== 'in-words' && (criterion !== 'place' || value !== agreement.perimeterCode),
  );
  if (asked.length === 0) return;
  const { rows } = await tx.executeQuery<TargetBasis>(targetBases(agreement.id, asked, year));
  const fine = rows.find(({ residences }) => residences < least);
  if (fine) throw refused('E-AGREEMENT-10', { value: fine.value, residences: fine.residences, least });
}
