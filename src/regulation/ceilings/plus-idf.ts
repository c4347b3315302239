import { dated } from '../../kernel/dated.ts';
import { day } from '../../kernel/local-date.ts';
import { secondary, unverified } from '../sources.ts';

/** Reference tax income per year, in cents, by category of household (1 to 6), and per person beyond. */
export type IncomeCeilings = {
  categories: readonly [number, number, number, number, number, number];
  perExtraPerson: number;
};

export type IncomeCeilingsByZone = { parisAndRing: IncomeCeilings; restOfRegion: IncomeCeilings };

/** PLUS, Île-de-France, from 1 January 2026: press and OpenFisca agree (flux-fr 6.5). Income of the year N−2. */
export const plusCeilings = dated<IncomeCeilingsByZone>({
  subject: 'Plafonds de ressources PLUS (Île-de-France)',
  unit: 'cents per year',
  checkedOn: day('2026-11-22'),
  values: [
    {
      from: day('2026-01-01'),
      value: {
        parisAndRing: {
          categories: [2_692_000, 4_023_300, 5_274_000, 6_296_800, 7_491_900, 8_430_400],
          perExtraPerson: 939_400,
        },
        restOfRegion: {
          categories: [2_692_000, 4_023_300, 4_836_200, 5_793_000, 6_857_700, 7_717_100],
          perExtraPerson: 859_800,
        },
      },
      source: secondary('Barème 2026, presse et OpenFisca concordants', 'arrêté du 29 juillet 1987 modifié'),
    },
  ],
});

/** Ceilings of other loans as a ratio of PLUS. Both from memory or derived: never law. */
export const ceilingRatios = {
  PLUS: { ratio: '1', source: secondary('Barème PLUS') },
  PLS: { ratio: '1.3', source: unverified('PLS = PLUS × 1,3, de mémoire') },
  PLAI: { ratio: '0.55', source: unverified('PLAI ≈ 55 à 60 % du PLUS, calculé sur 2021') },
} as const;
