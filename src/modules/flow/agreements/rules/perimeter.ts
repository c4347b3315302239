/**
 * Perimeters of agreements: a département, a municipality, an EPT or EPCI (L-08, L-09, F-30). In the database
 * `flow.in_perimeter` says the same; a test holds them together.
 */

export type Place = { department: string; municipality: string; territory: string | null };

/** Codes of the perimeters that a vacancy is in. */
export const perimetersOf = ({ department, municipality, territory }: Place): string[] =>
  [...new Set([department, municipality, territory])].filter((code) => code !== null && code !== '') as string[];

export const inPerimeter = (perimeterCode: string, place: Place): boolean =>
  perimetersOf(place).includes(perimeterCode);

export type Scale = 'municipality' | 'department' | 'territory';

/** Where a contingent is counted: by municipality for the State and municipalities, by territory for an EPT or EPCI. */
export function scaleOf(contingent: string): Scale {
  if (['state-priority', 'state-staff', 'municipality'].includes(contingent)) return 'municipality';
  return contingent === 'intermunicipality' ? 'territory' : 'department';
}

/** What the perimeter of a contingent is: the municipality's own, the territory's own, the whole département for others. */
export function perimeterScaleOf(contingent: string): Scale {
  if (contingent === 'municipality') return 'municipality';
  return contingent === 'intermunicipality' ? 'territory' : 'department';
}

/** Characters of a code: 93, 93048, 200057875. */
export const codeLength: Record<Scale, number> = { department: 2, municipality: 5, territory: 9 };
