import type Fraction from 'fraction.js';
import { exact, roundHalfUp } from '../../../../kernel/money.ts';

export const exhaustionPolicies = ['unreserved', 'redistribute'] as const;
export type ExhaustionPolicy = (typeof exhaustionPolicies)[number];

export type RunOffParty = {
  id: string;
  share: Fraction;
  /** Single-use rights left; null: it never extinguishes (the préfet's right is the law's, not bought). */
  volume: Fraction | null;
  /** First year in which the right is over; null: none is known. */
  until: number | null;
};

export type RunOffYear = {
  year: number;
  /** Dwellings of the base. */
  base: number;
  parties: { id: string; due: Fraction; issued: number; left: Fraction | null }[];
  unreserved: number;
};

/**
 * How converted rights run off over the years: due = share × base, issued with the rounding carried (flux-fr 3.2), the
 * volume less what was issued (C7). A volume used up, or past its last year, is extinct: its share goes to the own
 * contingent, or to the others in proportion of their shares. The last right issued may use a part of one.
 */
export function runOff({
  start,
  bases,
  parties,
  onExhaustion,
}: {
  start: number;
  bases: readonly number[];
  parties: readonly RunOffParty[];
  onExhaustion: ExhaustionPolicy;
}): RunOffYear[] {
  const standing = parties.map((party) => ({ ...party, dueToDate: exact(0), issuedToDate: 0 }));
  return bases.map((base, index) => {
    const year = start + index;
    const lives = ({ volume, until }: RunOffParty) =>
      (volume === null || volume.compare(0) > 0) && (until === null || year < until);
    const living = standing.filter(lives);
    const sumOf = (some: readonly RunOffParty[]) => some.reduce((sum, { share }) => sum.add(share), exact(0));
    const livingShare = sumOf(living);
    const raise =
      onExhaustion === 'redistribute' && livingShare.compare(0) > 0 ? sumOf(standing).div(livingShare) : exact(1);
    const ofYear = standing.map((party) => {
      if (!lives(party)) return { id: party.id, due: exact(0), issued: 0, left: party.volume };
      const due = party.share.mul(raise).mul(base);
      party.dueToDate = party.dueToDate.add(due);
      const wanted = roundHalfUp(party.dueToDate) - party.issuedToDate;
      const issued = party.volume === null ? wanted : Math.min(wanted, Number(party.volume.ceil().valueOf()));
      party.issuedToDate += issued;
      if (party.volume !== null) {
        const left = party.volume.sub(issued);
        party.volume = left.compare(0) > 0 ? left : exact(0);
      }
      return { id: party.id, due, issued, left: party.volume };
    });
    return {
      year,
      base,
      parties: ofYear,
      unreserved: base - ofYear.reduce((sum, { issued }) => sum + issued, 0),
    };
  });
}
