import type Fraction from 'fraction.js';
import { z } from 'zod';
import { exact } from '../../../../kernel/money.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { count, type Step, text, word } from '../../../../kernel/steps.ts';
import { unverified } from '../../../../regulation/sources.ts';
import type { Alternative, OrientationSuggestion } from './suggestion.ts';

const dwellings = z.number().int().min(0);

export const firstLettingInput = z.object({
  programme: z.string(),
  parties: z.array(
    z.object({
      /** Identifier of the agreement; `own` for the landlord's own contingent. */
      id: z.string(),
      name: z.string(),
      scale: z.enum(['municipality', 'department', 'territory', 'landlord']),
      /** What the meeting gave it: of this number of rooms, and in all. */
      part: dwellings,
      whole: dwellings,
      /** First lettings of the programme oriented to it. */
      oriented: dwellings,
      orientedInAll: dwellings,
      returned: z.boolean().default(false),
    }),
  ),
});

/**
 * Whom the first letting of a new programme should go to: as the coordination meeting shared it (L-71, F-79), out of the
 * flow. Among those whose part of this size is not reached, the one furthest from it in proportion; when every part of this
 * size is reached, among those whose part of the whole is not; when all are, what is left is what was kept for rehousing.
 * Ties go to the larger part, then to the older agreement. Exact.
 */
export function suggestFirstLetting(given: z.input<typeof firstLettingInput>): Explained<OrientationSuggestion> {
  const { programme, parties } = firstLettingInput.parse(given);
  const open = parties.filter(({ returned }) => !returned);
  const waiting = open.filter(({ part, oriented }) => oriented < part);
  const elsewhere = open.filter(({ whole, orientedInAll }) => orientedInAll < whole);
  const left = ({ part, oriented }: (typeof parties)[number]) => exact(part - oriented).div(part);
  const leftInAll = ({ whole, orientedInAll }: (typeof parties)[number]) => exact(whole - orientedInAll).div(whole);
  const first =
    furthest(waiting, left) ?? furthest(elsewhere, leftInAll) ?? parties.find(({ id }) => id === 'own') ?? parties[0]!;
  const because =
    waiting.length > 0 ? 'programme-part' : elsewhere.length > 0 ? 'programme-other-size' : 'programme-aside';
  const alternatives = parties.map((party): Alternative => {
    const gap = party.oriented - party.part;
    return {
      id: party.id,
      name: party.name,
      scale: party.scale,
      due: `${party.part}.00`,
      proposed: party.oriented,
      gapBefore: `${gap}.00`,
      gapAfter: `${gap + 1}.00`,
      waits: null,
      why: whyOf(party, party === first ? because : null),
      needs: [],
    };
  });
  return {
    result: { suggested: first.id, alternatives },
    steps: stepsOf(programme, first, because),
  };
}

type Party = z.output<typeof firstLettingInput>['parties'][number];

/** The one with the most left, in proportion to its part. */
function furthest(among: readonly Party[], left: (party: Party) => Fraction): Party | null {
  return among.reduce<Party | null>((best, party) => {
    if (best === null) return party;
    const more = left(party).compare(left(best)) || party.whole - best.whole;
    return more > 0 || (more === 0 && party.id < best.id) ? party : best;
  }, null);
}

function whyOf(party: Party, because: Alternative['why'] | null): Alternative['why'] {
  if (because) return because;
  if (party.returned) return 'returned';
  if (party.whole === 0) return 'programme-none';
  return party.oriented >= party.part ? 'programme-served' : 'programme-later';
}

function stepsOf(programme: string, first: Party, because: string): Step[] {
  return [
    { label: 'first-letting.programme', result: text(programme) },
    {
      label: 'first-letting.part',
      result: count(first.part),
      source: unverified('DRIHL, restitution de la concertation du 27 janvier 2021, thème 3-3'),
    },
    { label: 'first-letting.oriented', result: count(first.oriented) },
    {
      label: 'first-letting.left',
      inputs: { part: count(first.part), oriented: count(first.oriented) },
      formula: 'part − oriented',
      result: count(Math.max(0, first.part - first.oriented)),
    },
    { label: 'orientation.because', inputs: { because: word(`orientation-why.${because}`) }, result: text(first.name) },
  ];
}

export const firstLettingRule = defineRule({
  name: 'flow.first-letting',
  summary: 'Whom the first letting of a new programme should go to, as its coordination meeting shared it',
  input: firstLettingInput,
  compute: suggestFirstLetting,
});
