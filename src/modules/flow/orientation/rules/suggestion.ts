import { z } from 'zod';
import { daysBetween, endOfYear, startOfYear } from '../../../../kernel/local-date.ts';
import { decimal, exact } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { localDate } from '../../../../kernel/schemas.ts';
import { count, number, rate, type Step, text, word } from '../../../../kernel/steps.ts';
import { law, policy } from '../../../../regulation/sources.ts';
import { leanings } from './stakes.ts';
import { type Calendar, type Party, type Standing, type Turn, whole, whoseTurn } from './turn.ts';

/** Exact decimal text between 0 and 1, such as a share kept in `numeric`. */
const share = z
  .string()
  .regex(/^[01](\.\d{1,9})?$/)
  .refine((text) => Number(text) <= 1);
/** Dwellings, exact. */
const quantity = z.string().regex(/^\d{1,7}(\.\d{1,9})?$/);
const counted = z.number().int().min(0).max(9_000_000);

export const partySchema = z.object({
  /** Identifier of the agreement; `own` for the landlord's own contingent. */
  id: z.string(),
  name: z.string(),
  scale: z.enum(['municipality', 'department', 'territory', 'landlord']),
  /** Without one: the landlord's own. */
  contingent: z.string().optional(),
  share,
  /** Vacancies of the base in its perimeter since 1 January, this one included. */
  freed: counted,
  /** What these vacancies give it, when its share changed during the year; otherwise share × freed. */
  due: quantity.optional(),
  /** Dwellings proposed to it in its perimeter since 1 January. */
  proposed: counted,
  /** Indicative needs this dwelling would serve, in words. */
  needs: z
    .array(
      z.object({
        criterion: z.string(),
        value: z.string(),
        /** The place it is near to, in the words of the holder. */
        place: z.string().nullable().optional(),
        target: counted,
        served: counted,
      }),
    )
    .default([]),
  /** It was proposed this dwelling and gave it back: shown, never suggested. */
  returned: z.boolean().default(false),
});

export const orientationInput = z.object({
  parties: z.array(partySchema),
  /** Dwellings of the base that wait for an orientation, this one included. */
  waiting: z.number().int().min(1).default(1),
  /** The day of the suggestion; without it the year is taken as over, and needs do not decide. */
  on: localDate.optional(),
  /** Whom the objectives of the place lean to (`stakes.ts`): between equals only. */
  leaning: z.enum(leanings).nullable().default(null),
});

/** Why a party is suggested, or not: a word of `orientation.why`. */
export type Why =
  | 'only-one'
  | 'need'
  | 'deficit'
  | 'stake'
  | 'least-ahead'
  | 'returned'
  | 'ahead'
  | 'can-wait'
  | 'smaller-deficit'
  | 'less-need'
  /** Of the first letting of a new programme: see `first-letting.ts`. */
  | 'programme-part'
  | 'programme-other-size'
  | 'programme-aside'
  | 'programme-served'
  | 'programme-later'
  | 'programme-none';

export type Alternative = {
  id: string;
  name: string;
  scale: 'municipality' | 'department' | 'territory' | 'landlord';
  /** Dwellings due to date, exact to two decimals for display. */
  due: string;
  proposed: number;
  /** Proposed − due, before and after this dwelling: negative when the party waits for dwellings. */
  gapBefore: string;
  gapAfter: string;
  /** Vacancies of its perimeter it may still see go elsewhere before it is a whole dwelling late; null without a share. */
  waits: number | null;
  why: Why;
  needs: z.output<typeof partySchema>['needs'];
};

export type OrientationSuggestion = { suggested: string; alternatives: Alternative[] };

/**
 * Whom a freed dwelling should go to. Due = share × vacancies of the base in the perimeter. Nobody is put a dwelling
 * ahead of what is due, nor left to become a dwelling late, as long as that can be kept (`turn.ts`); among those left,
 * the party whose indicative needs of the year are furthest behind and that the dwelling serves, else the furthest behind
 * its due. Towards the end of the year needs weigh less: it ends on what is due. Ties go to whom the objectives of the
 * place lean to, then to the larger share, then to the older agreement. A suggestion, never a fléchage (F-51): the landlord decides (F-50).
 * Rounding: none in the comparison; two decimals where shown.
 * @throws Problem E-ORIENTATION-01 when nobody may receive the dwelling
 */
export function suggestOrientation(input: z.input<typeof orientationInput>): Explained<OrientationSuggestion> {
  const parties = input.parties.map((party) => ({ needs: [], returned: false, ...party }));
  if (!parties.some(({ returned }) => !returned)) throw refused('E-ORIENTATION-01');
  const favours = (contingent: string | undefined) =>
    input.leaning === 'state-priority'
      ? contingent === 'state-priority'
      : input.leaning === 'others' && contingent !== 'state-priority';
  const turn = whoseTurn(
    parties.map((party) => ({ ...partyOf(party), favoured: favours(party.contingent) })),
    calendarOf(input),
  );
  const alternatives = parties.map((party, index): Alternative => {
    const due = dueOf(party);
    const gap = exact(party.proposed).sub(due);
    return {
      id: party.id,
      name: party.name,
      scale: party.scale,
      due: decimal(due, 2),
      proposed: party.proposed,
      gapBefore: decimal(gap, 2),
      gapAfter: decimal(gap.add(1), 2),
      waits: turn.waits[index]!,
      why: whyOf(turn, index),
      needs: party.needs,
    };
  });
  const first = alternatives[turn.first]!;
  return {
    result: { suggested: first.id, alternatives },
    steps: stepsOf(first, parties[turn.first]!, turn.standings),
  };
}

const dueOf = ({ due, share, freed }: z.output<typeof partySchema>) => (due ? exact(due) : exact(share).mul(freed));

const billionths = (value: ReturnType<typeof exact>): number => Number(value.mul(whole).valueOf());

const partyOf = (party: z.output<typeof partySchema>): Party => ({
  id: party.id,
  share: billionths(exact(party.share)),
  freed: party.freed,
  due: billionths(dueOf(party)),
  proposed: party.proposed,
  needs: party.needs,
  open: !party.returned,
});

/** The pace of the year on a day. */
export function calendarOf({ waiting = 1, on }: Pick<z.input<typeof orientationInput>, 'waiting' | 'on'>): Calendar {
  if (!on) return { waiting, passed: 1, length: 1 };
  const day = on as z.output<typeof localDate>;
  const first = startOfYear(day);
  return { waiting, passed: daysBetween(first, day) + 1, length: daysBetween(first, endOfYear(day)) + 1 };
}

function whyOf({ first, standings, because }: Turn, index: number): Why {
  const standing = standings[index]!;
  if (index === first) return because;
  if (standing === 'closed') return 'returned';
  if (standing === 'eligible') return because === 'need' ? 'less-need' : 'smaller-deficit';
  return standing;
}

function stepsOf(first: Alternative, party: z.output<typeof partySchema>, standings: readonly Standing[]): Step[] {
  const among = standings.filter((standing) => standing === 'eligible').length;
  return [
    { label: 'orientation.freed', inputs: { scale: text(first.scale) }, result: count(party.freed) },
    { label: 'orientation.share', result: rate(party.share), source: policy('Convention de réservation') },
    {
      label: 'orientation.due',
      // An amendment of the year gives each day its share.
      ...(party.due
        ? {}
        : { inputs: { freed: count(party.freed), share: rate(party.share) }, formula: 'freed × share' }),
      result: number(first.due),
    },
    { label: 'orientation.proposed', result: count(first.proposed) },
    {
      label: 'orientation.gap',
      inputs: { proposed: count(first.proposed), due: number(first.due) },
      formula: 'proposed − due',
      result: number(first.gapBefore),
    },
    ...(first.waits === null ? [] : [{ label: 'orientation.waits', result: count(first.waits) }]),
    {
      label: 'orientation.among',
      inputs: { parties: count(standings.length) },
      result: count(among),
      source: policy('Tijdeman 1980, « The chairman assignment problem »'),
    },
    ...first.needs.map(({ target, served }) => ({
      label: 'orientation.need',
      inputs: { served: count(served), target: count(target) },
      result: count(Math.max(0, target - served)),
    })),
    {
      label: 'orientation.because',
      inputs: { because: word(`orientation-why.${first.why}`) },
      result: text(first.name),
      source: law('Code de la construction et de l’habitation', 'R441-5'),
    },
  ];
}

export const orientationRule = defineRule({
  name: 'flow.orientation',
  summary:
    'To whom a freed dwelling should go: nobody a dwelling late or ahead, then the needs furthest behind, with the effect of each choice',
  input: orientationInput,
  compute: suggestOrientation,
});
