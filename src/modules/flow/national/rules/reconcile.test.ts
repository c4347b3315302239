import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NationalFacts, reconcile, reconciliationReasons, toldContingentFor } from './reconcile.ts';

const closure = {
  closedOn: '2025-03-18',
  reason: 'attribution',
  byAnother: false,
  contingent: 'state-priority',
  dalo: true,
  quartile: 1,
};
/** A priority household housed on the State's contingent, labelled in time, closed as it should be. */
const agreed: NationalFacts = {
  hasLease: true,
  signedOn: '2025-03-16',
  uniqueNumber: '093012300123GDPUB1',
  contingent: 'state-priority',
  decidedOn: '2025-02-20',
  isPriority: true,
  dalo: true,
  quartile: 1,
  inPriorityArea: false,
  closure,
  closuresUntil: '2025-12-31',
  labelsUntil: '2025-12-31',
  label: 'DALO',
  labelledOn: '2025-01-12',
  lateOn: null,
  endedOn: null,
};
const none = { closure: null };
const unlabelled = { labelledOn: null, label: null };

describe('what a lease loses to the counts', () => {
  test.each<[string, Partial<NationalFacts>, [string, string, number][], string]>([
    ['all agree', {}, [['matched', 'none', 0]], 'flux-fr § 6.1'],
    ['no closure', none, [['without-closure', 'attribution', -1]], 'flux-fr L-47 a, L-72'],
    [
      'signed after the last closure known',
      { ...none, closuresUntil: '2025-03-15' },
      [['waiting', 'none', 0]],
      'brief 3',
    ],
    [
      'signed on the day of the last closure known',
      { ...none, closuresUntil: '2025-03-16' },
      [['without-closure', 'attribution', -1]],
      'brief 3',
    ],
    ['nothing imported', { ...none, closuresUntil: null }, [['waiting', 'none', 0]], 'brief 3'],
    [
      'closed as not renewed',
      { closure: { ...closure, reason: 'not-renewed' } },
      [['otherwise-closed', 'attribution', -1]],
      'flux-fr L-47 e',
    ],
    [
      'closed by another landlord',
      { closure: { ...closure, byAnother: true } },
      [['otherwise-closed', 'attribution', -1]],
      'flux-fr L-48: landlord SIREN',
    ],
    ['no number', { uniqueNumber: null }, [['without-number', 'attribution', -1]], 'flux-fr L-47'],
    ['a closure without lease', { hasLease: false }, [['without-lease', 'attribution', 1]], 'brief 3'],
    [
      'imputed to the employers',
      { closure: { ...closure, contingent: 'employers' } },
      [['contingent-differs', 'contingent', -1]],
      'flux-fr L-48',
    ],
    ['contingent not told', { closure: { ...closure, contingent: null } }, [['matched', 'none', 0]], 'flux-fr L-48'],
    ['no label', unlabelled, [['label-missing', 'priority', -1]], 'flux-fr L-64, § 8 URH-PRIO'],
    [
      'labelled after the committee',
      { ...unlabelled, lateOn: '2025-02-21' },
      [['label-late', 'priority', -1]],
      'flux-fr L-64',
    ],
    [
      'label ended before the committee',
      { ...unlabelled, endedOn: '2025-02-19' },
      [['label-ended', 'priority', -1]],
      'flux-fr L-64',
    ],
    [
      'label late, an older one ended',
      { ...unlabelled, endedOn: '2025-02-19', lateOn: '2025-03-01' },
      [['label-late', 'priority', -1]],
      'flux-fr L-64',
    ],
    [
      'no label, but not a priority household',
      { ...unlabelled, isPriority: false },
      [['matched', 'none', 0]],
      'flux-fr L-64',
    ],
    ['no label file imported', { ...unlabelled, labelsUntil: null }, [['matched', 'none', 0]], 'brief 3'],
    ['day of the committee unknown', { ...unlabelled, decidedOn: null }, [['matched', 'none', 0]], 'flux-fr L-64'],
    ['DALO here only', { closure: { ...closure, dalo: false } }, [['dalo-differs', 'dalo', -1]], 'flux-fr L-48, L-62'],
    ['DALO there only', { dalo: false }, [['dalo-differs', 'dalo', 1]], 'flux-fr L-48, L-62'],
    [
      'declared Q1, verified Q2',
      { closure: { ...closure, quartile: 2 } },
      [['quartile-differs', 'first-quartile', -1]],
      'flux-fr L-60, § 8 URH-Q1',
    ],
    [
      'declared Q2, verified Q1',
      { quartile: 2 },
      [['quartile-differs', 'first-quartile', 1]],
      'flux-fr L-60, § 8 URH-Q1',
    ],
    [
      'declared Q3, verified Q4',
      { quartile: 3, closure: { ...closure, quartile: 4 } },
      [['quartile-differs', 'first-quartile', 0]],
      'flux-fr L-60',
    ],
    [
      'QPV: declared Q2, verified Q1',
      { quartile: 2, inPriorityArea: true },
      [['quartile-differs', 'other-quartiles', -1]],
      'flux-fr L-61',
    ],
    [
      'QPV: declared Q1, verified Q2',
      { closure: { ...closure, quartile: 2 }, inPriorityArea: true },
      [['quartile-differs', 'other-quartiles', 1]],
      'flux-fr L-61',
    ],
    [
      'several at once',
      { ...none, ...unlabelled },
      [
        ['without-closure', 'attribution', -1],
        ['label-missing', 'priority', -1],
      ],
      'brief 3',
    ],
  ])('%s', (_case, given, expected) => {
    const { result, steps } = reconcile({ ...agreed, ...given });
    expect(result.map(({ reason, counted, effect }) => [reason, counted, effect])).toEqual(expected);
    expect(steps.length).toBeGreaterThan(0);
  });
});

test.each<[string | null, string, string]>([
  ['state-staff', 'state-staff', 'flux-fr § 6.1 ETAT_FONCTIONNAIRES'],
  ['state-priority', 'state-priority', 'flux-fr § 6.1 ETAT_PRIORITAIRES'],
  ['municipality', 'authorities', 'flux-fr § 6.1 COLLECTIVITES_EPCI'],
  ['department', 'authorities', 'flux-fr § 6.1 COLLECTIVITES_EPCI'],
  ['region', 'authorities', 'flux-fr § 6.1 COLLECTIVITES_EPCI'],
  ['action-logement', 'employers', 'flux-fr § 6.1 EMPLOYEURS_1PCT'],
  ['other', 'other', 'flux-fr § 6.1 AUTRE'],
  [null, 'other', 'flux-fr § 6.1 AUTRE: not reserved'],
])('our contingent %s is %s there', (contingent, expected) => {
  expect(toldContingentFor(contingent)).toBe(expected);
});

test('every lease has at least one finding; « matched » and « waiting » stand alone', () => {
  const day = fc.constantFrom('2025-01-05', '2025-02-20', '2025-03-16', '2025-12-31');
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const quartile = maybe(fc.integer({ min: 1, max: 4 }));
  const contingent = fc.constantFrom('state-staff', 'state-priority', 'authorities', 'employers', 'other');
  const facts = fc.record({
    hasLease: fc.boolean(),
    signedOn: maybe(day),
    uniqueNumber: maybe(fc.constant('093012300123GDPUB1')),
    contingent: maybe(fc.constantFrom('state-staff', 'state-priority', 'municipality', 'action-logement')),
    decidedOn: maybe(day),
    isPriority: fc.boolean(),
    dalo: fc.boolean(),
    quartile,
    inPriorityArea: fc.boolean(),
    closure: maybe(
      fc.record({
        closedOn: day,
        reason: fc.constantFrom('attribution', 'withdrawal', 'merged'),
        byAnother: fc.boolean(),
        contingent: maybe(contingent),
        dalo: maybe(fc.boolean()),
        quartile,
      }),
    ),
    closuresUntil: maybe(day),
    labelsUntil: maybe(day),
    label: maybe(fc.constant('DALO')),
    labelledOn: maybe(day),
    lateOn: maybe(day),
    endedOn: maybe(day),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const { result } = reconcile(given as NationalFacts);
      const reasons = result.map(({ reason }) => reason);
      const isSettled = reasons.some((reason) => reason === 'matched' || reason === 'waiting');
      expect(reasons.length).toBeGreaterThan(0);
      expect(new Set(reasons).size).toBe(reasons.length);
      expect(reasons.every((reason) => reconciliationReasons.includes(reason))).toBe(true);
      if (isSettled) expect(reasons).toHaveLength(1);
    }),
  );
});
