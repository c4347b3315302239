import { dated } from '../../kernel/dated.ts';
import { day } from '../../kernel/local-date.ts';
import { law, secondary } from '../sources.ts';

/** Each year, before this day, holders receive the report of the last year and the forecast of the current one (L-30, L-32). */
export const flowReportDeadline = dated({
  subject: 'yearly report of the flow',
  unit: 'month and day',
  checkedOn: day('2026-11-22'),
  values: [
    {
      from: day('2020-02-22'),
      value: { month: 2, day: 28 },
      source: law(
        'Code de la construction et de l’habitation',
        'R441-5-1',
        'https://app.livv.eu/books/LEGITEXT000006074096/',
      ),
    },
  ],
});

const regionalFrame = law(
  'DRIHL Île-de-France, cadrage régional des bilans et prévisionnels',
  undefined,
  'https://www.drihl.ile-de-france.developpement-durable.gouv.fr/cadrage-regional-en-vue-de-la-constitution-et-de-la-a1376.html',
);

/** Years for which the State accepted a later day, that day included (L-33). */
export const flowReportTolerances = [{ lastDay: day('2025-03-31'), source: regionalFrame }] as const;

/** Whom reports also go to in Île-de-France (L-33). The list of the intermunicipalities concerned was not read. */
export const flowReportTerritories = { source: regionalFrame } as const;

/** Geography of the priority areas that the facts of a year refer to (codes QP, then QN). */
export const priorityAreaGeography = dated({
  subject: 'geography of the priority areas',
  unit: 'year of the geography',
  checkedOn: day('2026-11-22'),
  values: [
    {
      from: day('2015-01-01'),
      value: '2015',
      source: secondary('Contours publiés des quartiers prioritaires, codes QP'),
    },
    {
      from: day('2024-01-01'),
      value: '2024',
      source: secondary('Contours publiés des quartiers prioritaires, codes QN'),
    },
  ],
});
