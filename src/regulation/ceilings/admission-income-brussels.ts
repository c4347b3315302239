import { dated } from '../../kernel/dated.ts';
import { day } from '../../kernel/local-date.ts';
import { law, unverified } from '../sources.ts';

/** Admission income of social housing in Brussels, cents of net taxable income per year. */
export type AdmissionIncome = {
  single: number;
  oneIncome: number;
  severalIncomes: number;
  /** Added per dependent child; a disabled child counts twice. */
  perChild: number;
  /** Added per disabled adult. */
  perDisabledAdult: number;
};

/**
 * Values of 2023 and 2024 were read on pages of the SLRB and of a housing company. Those of 2025 and 2026 are our
 * estimates by the ratio of the health index (dossier R-37): shown as not verified until someone records the real ones.
 */
export const admissionIncome = dated<AdmissionIncome>({
  subject: 'Revenu d’admission au logement social (Bruxelles)',
  unit: 'cents per year',
  checkedOn: day('2026-11-22'),
  values: [
    {
      from: day('2023-01-01'),
      value: {
        single: 2_640_083,
        oneIncome: 2_933_427,
        severalIncomes: 3_352_493,
        perChild: 251_436,
        perDisabledAdult: 502_872,
      },
      source: law(
        'SLRB-BGHM, conditions d’admission 2023',
        'CBL art. 125',
        'https://slrb-bghm.brussels/nl/huurder-worden/toelatingsvoorwaarden',
      ),
    },
    {
      from: day('2024-01-01'),
      value: {
        single: 2_749_910,
        oneIncome: 3_055_458,
        severalIncomes: 3_491_957,
        perChild: 261_896,
        perDisabledAdult: 523_791,
      },
      source: law('BinHôme, conditions d’admission 2024', 'CBL art. 125', 'https://binhome.brussels/candidats'),
    },
    {
      from: day('2025-01-01'),
      value: {
        single: 2_837_900,
        oneIncome: 3_153_200,
        severalIncomes: 3_603_600,
        perChild: 270_300,
        perDisabledAdult: 540_600,
      },
      source: unverified('Estimation par l’indice santé, à remplacer par le barème publié'),
    },
    {
      from: day('2026-01-01'),
      value: {
        single: 2_895_400,
        oneIncome: 3_217_100,
        severalIncomes: 3_676_700,
        perChild: 275_800,
        perDisabledAdult: 551_500,
      },
      source: unverified('Estimation par l’indice santé, à remplacer par le barème publié'),
    },
  ],
});

/** Households between the admission income and this share of it may take up to a third of the stock (CBL 125 §1). */
export const moderateIncomeLimit = {
  ratio: '1.5',
  quota: { numerator: 1, denominator: 3 },
  source: law('Code bruxellois du Logement', 'art. 125 §1'),
} as const;
