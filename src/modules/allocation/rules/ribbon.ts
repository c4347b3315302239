import { addDays, type LocalDate, latest } from '../../../kernel/local-date.ts';

/** A stretch of the road of a dwelling from notice to lease. */
export type Segment = { kind: SegmentKind; from: LocalDate; to: LocalDate; planned: boolean };

export const segmentKinds = [
  'notice',
  'works',
  'orientation',
  'holder',
  'committee',
  'offer',
  'lease',
  'late',
] as const;
export type SegmentKind = (typeof segmentKinds)[number];

export type RibbonDates = {
  openedOn: LocalDate;
  freeOn: LocalDate;
  worksUntil: LocalDate | null;
  worksDoneOn: LocalDate | null;
  orientedOn: LocalDate | null;
  proposedOn: LocalDate | null;
  nominateBy: LocalDate | null;
  nominatedOn: LocalDate | null;
  sessionOn: LocalDate | null;
  offeredOn: LocalDate | null;
  answerBy: LocalDate | null;
  answeredOn: LocalDate | null;
  leaseFrom: LocalDate | null;
};

/**
 * The ribbon of a vacancy: what was, what is going on and what is planned, in order. Notice and works follow the
 * dwelling; holder, committee and offer go on meanwhile and are drawn over them. What is late runs on in its own colour
 * until today.
 */
export function vacancyRibbon(dates: RibbonDates, today: LocalDate): Segment[] {
  const segments: Segment[] = [];
  const add = (kind: SegmentKind, from: LocalDate | null, to: LocalDate | null) => {
    if (from && to && to >= from) segments.push({ kind, from, to, planned: from > today });
  };
  add('notice', dates.openedOn, dates.freeOn);
  const worksFrom = addDays(dates.freeOn, 1);
  add('works', worksFrom, dates.worksDoneOn ?? dates.worksUntil);
  if (!dates.worksDoneOn && dates.worksUntil && dates.worksUntil < today && dates.freeOn < today && !dates.leaseFrom) {
    add('late', addDays(dates.worksUntil, 1), today);
  }
  // While the notice or the works run nobody waits; from then on the dwelling waits for a candidate.
  const ready = addDays(dates.worksDoneOn ?? dates.worksUntil ?? dates.freeOn, 1);
  if (!dates.proposedOn && !dates.sessionOn && !dates.leaseFrom && ready <= today)
    add('orientation', latest(ready, worksFrom), today);
  if (dates.proposedOn) add('holder', dates.proposedOn, dates.nominatedOn ?? dates.nominateBy);
  if (dates.nominateBy && !dates.nominatedOn && dates.nominateBy < today && !dates.sessionOn) {
    add('late', addDays(dates.nominateBy, 1), today);
  }
  add('committee', dates.sessionOn, dates.sessionOn);
  add('offer', dates.offeredOn, dates.answeredOn ?? dates.answerBy);
  if (dates.answerBy && !dates.answeredOn && dates.answerBy < today) add('late', addDays(dates.answerBy, 1), today);
  if (dates.leaseFrom) add('lease', dates.leaseFrom, addDays(dates.leaseFrom, 6));
  return segments;
}
