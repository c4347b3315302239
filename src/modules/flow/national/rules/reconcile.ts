import { z } from 'zod';
import { defineRule, type Explained } from '../../../../kernel/rule.ts';
import { date, number, type Step, text, word, yesNo } from '../../../../kernel/steps.ts';
import { nationalRegisters } from './national-registers.ts';

export const reconciliationReasons = [
  'without-closure',
  'otherwise-closed',
  'without-number',
  'without-lease',
  'contingent-differs',
  'label-missing',
  'label-late',
  'label-ended',
  'dalo-differs',
  'quartile-differs',
  'matched',
  'waiting',
] as const;
export type ReconciliationReason = (typeof reconciliationReasons)[number];

/** What a line takes from, or adds to: a count somebody is held to. */
export const countsTouched = [
  'attribution',
  'contingent',
  'priority',
  'dalo',
  'first-quartile',
  'other-quartiles',
  'none',
] as const;
export type CountTouched = (typeof countsTouched)[number];

export type Finding = { reason: ReconciliationReason; counted: CountTouched; effect: -1 | 0 | 1 };

const day = z.string().nullable();

/** What is known here of a lease, and what the registers of the State say of the same demand. */
export const nationalFacts = z.object({
  /** Null: the register has a closure for attribution, and no lease here follows from it. */
  hasLease: z.boolean(),
  signedOn: day,
  uniqueNumber: z.string().nullable(),
  /** Our contingent; null: the landlord’s own. */
  contingent: z.string().nullable(),
  /** The committee that decided. */
  decidedOn: day,
  /** The household was put forward as a priority one, or on the State’s priority contingent. */
  isPriority: z.boolean(),
  dalo: z.boolean(),
  quartile: z.number().int().min(1).max(4).nullable(),
  inPriorityArea: z.boolean(),
  /** Its closure in the national register; null: none is known. */
  closure: z
    .object({
      closedOn: z.string(),
      reason: z.string(),
      byAnother: z.boolean(),
      contingent: z.string().nullable(),
      dalo: z.boolean().nullable(),
      quartile: z.number().int().min(1).max(4).nullable(),
    })
    .nullable(),
  /** The last closure known: a lease signed later may be closed since. Null: no extraction was imported. */
  closuresUntil: day,
  /** Null: no label was imported, nothing can be said of them. */
  labelsUntil: day,
  label: z.string().nullable(),
  /** A label in force on the day of the committee was given on this day; else the first given after, else the last end before. */
  labelledOn: day,
  lateOn: day,
  endedOn: day,
});
export type NationalFacts = z.output<typeof nationalFacts>;

const answers: Record<string, string> = {
  'state-staff': 'state-staff',
  'state-priority': 'state-priority',
  municipality: 'authorities',
  intermunicipality: 'authorities',
  department: 'authorities',
  region: 'authorities',
  'action-logement': 'employers',
};

/** The word of the national register for one of our contingents; what is not reserved is « other ». */
export const toldContingentFor = (contingent: string | null): string => answers[contingent ?? ''] ?? 'other';

/**
 * Compares a lease that followed an attribution with its closure in the national register and with the labels of its
 * household: what disagrees, which count it touches, and whether that count loses it (−1), has it too much (+1) or only
 * says something else (0). A lease on which all agree has one finding, « matched »; one signed after the last closure
 * known waits for the next extraction. The view flow.national_lines says the same of all leases at once.
 * Units: days `YYYY-MM-DD`; effects are whole attributions. No rounding. Throws nothing.
 * Sources: L-47, L-48 (closure), L-64 (label on the day of the committee), § 8 (quartile declared and verified).
 */
export function reconcile(facts: NationalFacts): Explained<Finding[]> {
  if (!facts.hasLease) {
    return { result: [{ reason: 'without-lease', counted: 'attribution', effect: 1 }], steps: closureSteps(facts) };
  }
  if (facts.uniqueNumber === null) {
    const steps = [{ label: 'national.no-number', source: nationalRegisters.number }];
    return { result: [{ reason: 'without-number', counted: 'attribution', effect: -1 }], steps };
  }
  const found = [...closureFindings(facts), ...labelFindings(facts)];
  const closed = facts.closure !== null;
  const settled: Finding = { reason: closed ? 'matched' : 'waiting', counted: 'none', effect: 0 };
  return {
    result: found.length > 0 ? found : [settled],
    steps: [...leaseSteps(facts), ...closureSteps(facts), ...labelSteps(facts)],
  };
}

function closureFindings(facts: NationalFacts): Finding[] {
  const { closure } = facts;
  if (!closure) {
    const isCovered = facts.closuresUntil !== null && facts.signedOn !== null && facts.signedOn <= facts.closuresUntil;
    return isCovered ? [{ reason: 'without-closure', counted: 'attribution', effect: -1 }] : [];
  }
  if (closure.reason !== 'attribution' || closure.byAnother)
    return [{ reason: 'otherwise-closed', counted: 'attribution', effect: -1 }];
  const found: Finding[] = [];
  if (closure.contingent !== null && closure.contingent !== toldContingentFor(facts.contingent))
    found.push({ reason: 'contingent-differs', counted: 'contingent', effect: -1 });
  if (closure.dalo !== null && closure.dalo !== facts.dalo)
    found.push({ reason: 'dalo-differs', counted: 'dalo', effect: facts.dalo ? -1 : 1 });
  if (closure.quartile !== null && facts.quartile !== null && closure.quartile !== facts.quartile)
    found.push(quartileFinding(facts.quartile, closure.quartile, facts.inPriorityArea));
  return found;
}

/** Outside priority neighbourhoods the first quartile counts (L-60); inside, the three others (L-61). */
function quartileFinding(declared: number, verified: number, inPriorityArea: boolean): Finding {
  const counts = (quartile: number) => (inPriorityArea ? quartile !== 1 : quartile === 1);
  const effect = (Number(counts(verified)) - Number(counts(declared))) as -1 | 0 | 1;
  return { reason: 'quartile-differs', counted: inPriorityArea ? 'other-quartiles' : 'first-quartile', effect };
}

function labelFindings(facts: NationalFacts): Finding[] {
  if (!facts.isPriority || facts.decidedOn === null || facts.labelsUntil === null || facts.labelledOn !== null)
    return [];
  const reason = facts.lateOn !== null ? 'label-late' : facts.endedOn !== null ? 'label-ended' : 'label-missing';
  return [{ reason, counted: 'priority', effect: -1 }];
}

const leaseSteps = ({ signedOn, decidedOn, contingent }: NationalFacts): Step[] => [
  ...(decidedOn ? [{ label: 'national.decided', result: date(decidedOn as never) }] : []),
  ...(signedOn ? [{ label: 'national.signed', result: date(signedOn as never) }] : []),
  {
    label: 'national.expected-contingent',
    inputs: { contingent: word(`contingent.${contingent ?? 'own'}`) },
    result: word(`told-contingent.${toldContingentFor(contingent)}`),
    source: nationalRegisters.contingents,
  },
];

function closureSteps({ closure, closuresUntil, quartile, dalo }: NationalFacts): Step[] {
  const source = nationalRegisters.closure;
  if (!closure)
    return closuresUntil
      ? [{ label: 'national.not-closed', result: date(closuresUntil as never), source }]
      : [{ label: 'national.no-extraction', source }];
  return [
    { label: 'national.closed', result: date(closure.closedOn as never), source },
    { label: 'national.closed-for', result: word(`closure-reason.${closure.reason}`) },
    ...(closure.byAnother ? [{ label: 'national.by-another' }] : []),
    ...(closure.contingent
      ? [
          {
            label: 'national.told-contingent',
            result: word(`told-contingent.${closure.contingent}`),
            source: nationalRegisters.closureContent,
          },
        ]
      : []),
    ...(closure.dalo === null
      ? []
      : [{ label: 'national.told-dalo', inputs: { here: yesNo(dalo) }, result: yesNo(closure.dalo) }]),
    ...(closure.quartile === null
      ? []
      : [
          {
            label: 'national.verified-quartile',
            inputs: { declared: text(quartile === null ? '–' : `Q${quartile}`) },
            result: number(String(closure.quartile)),
            source: nationalRegisters.quartile,
          },
        ]),
  ];
}

function labelSteps(facts: NationalFacts): Step[] {
  if (!facts.isPriority) return [];
  const source = nationalRegisters.label;
  if (facts.labelledOn)
    return [
      {
        label: 'national.labelled',
        inputs: { label: text(facts.label ?? '') },
        result: date(facts.labelledOn as never),
        source,
      },
    ];
  if (facts.lateOn) return [{ label: 'national.labelled-late', result: date(facts.lateOn as never), source }];
  if (facts.endedOn) return [{ label: 'national.label-ended', result: date(facts.endedOn as never), source }];
  return [{ label: facts.labelsUntil ? 'national.no-label' : 'national.no-labels-known', source }];
}

export const reconciliationRule = defineRule({
  name: 'flow.national-reconciliation',
  summary:
    'What the national register and SYPLO say of a lease that followed an attribution: what would be lost to the count, and why',
  input: nationalFacts,
  compute: reconcile,
});
