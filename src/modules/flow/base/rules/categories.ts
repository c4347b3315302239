/** What a dwelling, or its vacancy, is for the yearly flow. */
export const baseClasses = [
  'in-base',
  'mutation',
  'urban-renewal',
  'substandard',
  'condominium',
  'sale',
  'demolition',
  'intermediated',
  'unregulated',
  'retained-stock',
  'first-letting',
] as const;
export type BaseClass = (typeof baseClasses)[number];

/** The five categories of the law: not counted when the flow of a year is computed (CCH R441-5 I; flux-fr L-11). */
export const legalCategories = ['mutation', 'urban-renewal', 'substandard', 'condominium', 'sale'] as const;

/** Categories discussed in 2020 and in no text we could read (F-07): an organisation opens them by a setting. */
export const optionalCategories = ['demolition', 'intermediated', 'unregulated'] as const;

export const exclusionCategories = [...legalCategories, ...optionalCategories] as const;
export type ExclusionCategory = (typeof exclusionCategories)[number];

/** Services whose identified dwellings stay in stock (CCH R441-5 I, L441-1; flux-fr L-04, L-05). */
export const retainedServices = ['defence', 'internal-security', 'health'] as const;
