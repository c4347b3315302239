import { newId } from '../../../../kernel/id.ts';
import { type CellValue, foldWord } from '../../rules/cells.ts';
import type { RowProblem, RowValues } from '../../rules/read-row.ts';
import type { DerivedColumn, RowContext } from '../kind.ts';

export const rightsDerived: readonly DerivedColumn[] = [{ column: 'right_id', type: 'uuid' }];

/**
 * Completes a row of an inventory: the municipality becomes its code; the holder gives its quota when none is told, and the
 * other way round; the number of rights is that of the dwellings named, or one; a line without a reference is known by what
 * it says, so that the same file sent twice finds it again.
 */
export function deriveRight(
  values: RowValues,
  context: RowContext,
  addProblem: (problem: RowProblem) => void,
): (CellValue | null)[] {
  if (typeof values.municipality === 'string') {
    const typed = values.municipality;
    values.municipality = context.findMunicipality(typed, '');
    if (values.municipality === null) addProblem({ field: 'municipality', code: 'E-IMPORT-MUNICIPALITY', cell: typed });
  }
  if (values.holder === null && values.contingent === null) addProblem({ field: 'holder', code: 'E-IMPORT-REQUIRED' });
  values.contingent ??= contingentOf(String(values.holder ?? ''));
  values.holder ??= holderOf[String(values.contingent)] ?? null;
  const { signedOn, endsOn, dwellings } = values;
  if (typeof signedOn === 'string' && signedOn > context.today)
    addProblem({ field: 'signedOn', code: 'E-FIELD-FUTURE' });
  if (typeof signedOn === 'string' && typeof endsOn === 'string' && endsOn < signedOn)
    addProblem({ field: 'endsOn', code: 'E-IMPORT-BEFORE', params: { day: signedOn } });
  const named = typeof dwellings === 'string' ? new Set(dwellings.split(' ')).size : 0;
  values.rights ??= named || 1;
  if (named > Number(values.rights))
    addProblem({ field: 'rights', code: 'E-IMPORT-RIGHTS-DWELLINGS', params: { dwellings: named } });
  values.reference ??= contentsOf(values);
  return [newId()];
}

/** What a line says, as its reference: two lines that say the same need a reference of their own. */
const contentsOf = ({ kind, endsOn, dwellings, rooms, inPriorityArea, ...values }: RowValues): string =>
  [
    values.agreementReference,
    values.holder,
    values.contingent,
    values.municipality,
    rooms === null ? null : `T${rooms}`,
    values.funding,
    inPriorityArea === null ? null : inPriorityArea ? 'QPV' : 'hors QPV',
    values.constructionPeriod,
    kind,
    endsOn,
    typeof dwellings === 'string' ? dwellings.slice(0, 40) : null,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(' · ')
    .slice(0, 240);

/** The quota that the name of a holder tells, where it tells one. */
function contingentOf(holder: string): string {
  const name = foldWord(holder);
  if (/\b(prefet|prefete|prefecture|drihl|etat)\b/.test(name)) return 'state-priority';
  if (/\b(action logement|als)\b/.test(name)) return 'action-logement';
  if (/^(ville|commune|mairie)\b/.test(name)) return 'municipality';
  if (/^(ept|epci|etablissement public territorial|communaute d)/.test(name)) return 'intermunicipality';
  if (/^(departement|conseil departemental)\b/.test(name)) return 'department';
  if (/^(region|conseil regional)\b/.test(name)) return 'region';
  return 'other';
}

/** Who holds the rights of a quota, in a file that names the quota alone. */
const holderOf: Record<string, string> = {
  'state-priority': 'État',
  'state-staff': 'État',
  municipality: 'Collectivités',
  intermunicipality: 'EPCI et EPT',
  'action-logement': 'Action Logement Services',
  department: 'Département',
  region: 'Région',
  other: 'Autres réservataires',
};
