import { expect, test } from 'vitest';
import { day } from '../../../kernel/local-date.ts';
import { type Stage, stageOf, type VacancyFacts } from './stage.ts';

const today = day('2026-11-22');
const agency: VacancyFacts = {
  expectedFreeOn: day('2026-12-31'),
  oriented: false,
  orientation: null,
  proposal: null,
  candidates: 0,
  session: null,
  toOffer: 0,
  offer: null,
  leaseStartsOn: null,
  closedAs: null,
};
const landlord: VacancyFacts = { ...agency, oriented: true };
const on = day('2026-12-10');

test.each<[string, VacancyFacts, Stage, string, string | null]>([
  ['notice at an agency', agency, 'to-select', 'select', '2026-12-31'],
  ['notice at a landlord', landlord, 'to-orient', 'orient', '2026-11-22'],
  ['kept on own list', { ...landlord, orientation: 'own' }, 'to-select', 'select', '2026-12-31'],
  [
    'proposed',
    { ...landlord, orientation: 'holder', proposal: { state: 'open', nominateBy: on } },
    'with-holder',
    'nominate',
    '2026-12-10',
  ],
  ['returned or expired', { ...landlord, orientation: 'holder' }, 'to-orient', 'orient-again', '2026-11-22'],
  [
    'three named',
    { ...landlord, orientation: 'holder', proposal: { state: 'nominated', nominateBy: on }, candidates: 3 },
    'committee',
    'schedule',
    '2026-11-22',
  ],
  [
    'on an agenda',
    { ...agency, candidates: 4, session: { heldOn: on, decided: false } },
    'committee',
    'session',
    '2026-12-10',
  ],
  [
    'granted',
    { ...agency, candidates: 4, session: { heldOn: on, decided: true }, toOffer: 2 },
    'to-offer',
    'offer',
    '2026-11-22',
  ],
  ['offered', { ...agency, toOffer: 1, offer: { state: 'pending', answerBy: on } }, 'offer', 'answer', '2026-12-10'],
  ['accepted', { ...agency, offer: { state: 'accepted', answerBy: on } }, 'to-sign', 'sign', '2026-12-31'],
  ['signed for later', { ...agency, leaseStartsOn: day('2026-11-23') }, 'signed', 'entry', '2026-11-23'],
  ['entered today', { ...agency, leaseStartsOn: today }, 'let', 'none', null],
  ['notice withdrawn', { ...agency, closedAs: 'cancelled' }, 'cancelled', 'none', null],
  ['all refused', { ...agency, session: { heldOn: on, decided: true } }, 'to-select', 'select', '2026-12-31'],
])('%s', (_case, facts, stage, what, dueOn) => expect(stageOf(facts, today)).toEqual({ stage, what, dueOn }));
