import type { Source } from '../../../kernel/steps.ts';
import { law, policy, unverified } from '../../../regulation/sources.ts';

/** Themes of the concertation a setting of the flow belongs to, in the order of the work. */
export const settingThemes = [
  'scope',
  'arbitration',
  'targets',
  'counting',
  'process',
  'conversion',
  'run-off',
  'new-programmes',
  'report',
  'orientation',
] as const;
export type SettingTheme = (typeof settingThemes)[number];

/** How far partners wanted it to be the same: regional (« forte »: the State may fix it), shared (« moyenne »), local (« faible »). */
export const settingLevels = ['regional', 'shared', 'local'] as const;
export type SettingLevel = (typeof settingLevels)[number];

export type SettingFrame = {
  theme: SettingTheme;
  level: SettingLevel;
  /** Changes what is counted or decided for others: they approve it first. */
  moves: boolean;
  /** Only the State says it. */
  givenByState?: boolean;
  source: Source;
};

const concertation = (theme: string) => unverified('DRIHL, restitution de la concertation du 27 janvier 2021', theme);
const workshop = (theme: string) => unverified('DRIHL, atelier du 8 octobre 2020', theme);

/**
 * Where each setting of the flow stands in the matrix of harmonisation (F-90) and in what its default comes from
 * (flux-fr § 5.1). Strong: scope, place of arbitration, follow-up, scale, conversion, turnover, run-off, data, report. Medium:
 * process, criteria, delays, tool. Weak: orientation.
 */
export const settingFrames: Readonly<Record<string, SettingFrame>> = {
  'flow.exclusion-past-years': { theme: 'scope', level: 'regional', moves: true, source: concertation('Th. 1-3') },
  'flow.exclusion-past-method': { theme: 'scope', level: 'regional', moves: true, source: concertation('Th. 1-3') },
  'flow.exclusion-declaration-year': { theme: 'scope', level: 'regional', moves: true, source: workshop('§ 1-3') },
  'flow.sales-counted': { theme: 'scope', level: 'regional', moves: true, source: concertation('Th. 1-2') },
  'flow.exclude-demolition': { theme: 'scope', level: 'regional', moves: true, source: workshop('§ 1-2') },
  'flow.exclude-intermediated': { theme: 'scope', level: 'regional', moves: true, source: workshop('§ 1-2') },
  'flow.exclude-unregulated': { theme: 'scope', level: 'regional', moves: true, source: workshop('§ 1-2') },
  'flow.post-hoc-credit': { theme: 'scope', level: 'regional', moves: false, source: workshop('§ 1-4') },
  'flow.consolidation-body': { theme: 'arbitration', level: 'regional', moves: true, source: concertation('Th. 4-2') },
  'flow.provisional-body': { theme: 'arbitration', level: 'regional', moves: true, source: concertation('Th. 1-3') },
  'flow.contractual-scale': { theme: 'targets', level: 'regional', moves: false, source: concertation('Th. 2-1') },
  'flow.min-target-cell': { theme: 'targets', level: 'regional', moves: false, source: concertation('Th. 2-1') },
  'flow.indicative-criteria': { theme: 'targets', level: 'shared', moves: false, source: concertation('Th. 2-1') },
  'flow.carry-gap': { theme: 'counting', level: 'regional', moves: true, source: concertation('Th. 3-2') },
  'flow.tolerance-dwellings': {
    theme: 'counting',
    level: 'regional',
    moves: false,
    source: policy('Seuil d’alerte proposé par Palier'),
  },
  'flow.nomination-mode': { theme: 'process', level: 'shared', moves: false, source: concertation('Th. 4-3') },
  'flow.approval-days': {
    theme: 'process',
    level: 'shared',
    moves: true,
    source: policy('Délai proposé par Palier'),
  },
  'flow.rotation-method': { theme: 'conversion', level: 'regional', moves: false, source: concertation('Th. 3-1') },
  'flow.share-method': { theme: 'conversion', level: 'regional', moves: false, source: concertation('Th. 3-2') },
  'flow.small-holder-below': { theme: 'run-off', level: 'regional', moves: false, source: concertation('Th. 3-2') },
  'flow.small-holder-rounding': { theme: 'run-off', level: 'regional', moves: false, source: concertation('Th. 3-2') },
  'flow.on-exhaustion': { theme: 'run-off', level: 'regional', moves: false, source: concertation('Th. 3-2') },
  'flow.coordination-min-dwellings': {
    theme: 'new-programmes',
    level: 'shared',
    moves: false,
    source: concertation('Th. 3-3'),
  },
  'flow.new-programme-off-flow-percent': {
    theme: 'new-programmes',
    level: 'shared',
    moves: false,
    source: concertation('Th. 3-3'),
  },
  'flow.report-deadline': {
    theme: 'report',
    level: 'regional',
    moves: true,
    source: law('Code de la construction et de l’habitation', 'R441-5-1'),
  },
  'flow.report-tolerance': {
    theme: 'report',
    level: 'regional',
    moves: true,
    givenByState: true,
    source: unverified('DRIHL, cadre régional du bilan 2025'),
  },
};

export const frameOf = (key: string): SettingFrame | null => settingFrames[key] ?? null;
