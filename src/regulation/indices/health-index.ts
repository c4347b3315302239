import { law, secondary } from '../sources.ts';

/**
 * Belgian health index, base 2013 = 100, in hundredths of a point, January to December. `null`: not known here. Years
 * derived from year-on-year rates are left out: an index is read, never reconstructed.
 */
export const healthIndex: Readonly<Record<number, readonly (number | null)[]>> = {
  2014: [10060, 10075, 10079, 10044, 10029, 10034, 10046, 10012, 10006, 10028, 10028, 10040],
  2015: [10061, 10089, 10073, 10112, 10116, 10133, 10137, 10161, 10185, 10227, 10228, 10223],
  2016: [null, null, null, null, null, null, null, null, null, null, 10397, 10405],
  2017: [10465, 10506, 10532, 10546, 10542, 10529, 10563, 10568, 10551, 10584, 10585, null],
  2018: [10637, 10654, 10671, 10689, 10699, 10701, 10744, 10755, 10752, 10826, 10848, 10845],
  2020: [10972, 10987, 10996, 11022, 11010, 11005, 11016, 11020, 10978, 11011, 10991, 10988],
  2021: [11035, 11039, 11056, 11093, 11099, 11131, 11218, 11274, 11229, 11394, 11520, 11560],
  2022: [11821, 11874, 11905, 11959, 12025, 12102, 12235, 12368, 12492, 12792, 12744, 12789],
  2023: [12800, 12686, 12780, 12670, 12735, 12709, 12822, 12882, 12752, 12830, 12855, 12953],
  2025: [13552, 13579, 13591, 13477, 13454, 13504, 13560, 13564, 13526, 13576, 13649, 13669],
};

export const healthIndexSources = {
  table: secondary(
    'Indexatiehulp, tableaux mensuels de l’indice santé',
    undefined,
    'https://indexatiehulp.be/en/health-index/',
  ),
  'march to june 2022': law('BOSA, indice pivot, juin 2022'),
};
