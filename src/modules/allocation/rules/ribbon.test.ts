import { describe, expect, test } from 'vitest';
import { day } from '../../../kernel/local-date.ts';
import { type RibbonDates, vacancyRibbon } from './ribbon.ts';

const none: RibbonDates = {
  openedOn: day('2026-09-10'),
  freeOn: day('2026-11-12'),
  worksUntil: null,
  worksDoneOn: null,
  orientedOn: null,
  proposedOn: null,
  nominateBy: null,
  nominatedOn: null,
  sessionOn: null,
  offeredOn: null,
  answerBy: null,
  answeredOn: null,
  leaseFrom: null,
};
const today = day('2026-11-22');
const kinds = (dates: Partial<RibbonDates>) => vacancyRibbon({ ...none, ...dates }, today).map(({ kind }) => kind);

describe('the ribbon of a vacancy', () => {
  test('begins with the notice', () =>
    expect(vacancyRibbon(none, today)[0]).toEqual({
      kind: 'notice',
      from: '2026-09-10',
      to: '2026-11-12',
      planned: false,
    }));

  test('draws late works in their own colour until today', () => {
    const ribbon = vacancyRibbon({ ...none, worksUntil: day('2026-11-18') }, today);
    expect(ribbon.slice(1, 3)).toEqual([
      { kind: 'works', from: '2026-11-13', to: '2026-11-18', planned: false },
      { kind: 'late', from: '2026-11-19', to: '2026-11-22', planned: false },
    ]);
  });

  test('a dwelling that is ready and has no candidate waits', () => {
    const ribbon = vacancyRibbon({ ...none, worksDoneOn: day('2026-11-15') }, today);
    expect(ribbon.at(-1)).toEqual({ kind: 'orientation', from: '2026-11-16', to: '2026-11-22', planned: false });
  });

  test('draws what lies ahead as planned', () => {
    const ribbon = vacancyRibbon({ ...none, sessionOn: day('2026-11-26') }, today);
    expect(ribbon.at(-1)).toEqual({ kind: 'committee', from: '2026-11-26', to: '2026-11-26', planned: true });
  });

  test.each<[string, Partial<RibbonDates>, string[]]>([
    ['a holder in time', { proposedOn: day('2026-11-01'), nominateBy: day('2026-12-01') }, ['notice', 'holder']],
    ['a silent holder', { proposedOn: day('2026-10-01'), nominateBy: day('2026-11-01') }, ['notice', 'holder', 'late']],
    [
      'a silent household',
      { sessionOn: day('2026-10-26'), offeredOn: day('2026-11-02'), answerBy: day('2026-11-12') },
      ['notice', 'committee', 'offer', 'late'],
    ],
    [
      'a lease',
      { worksDoneOn: day('2026-11-15'), sessionOn: day('2026-11-16'), leaseFrom: day('2026-12-01') },
      ['notice', 'works', 'committee', 'lease'],
    ],
  ])('%s', (_case, dates, expected) => expect(kinds(dates)).toEqual(expected));
});
