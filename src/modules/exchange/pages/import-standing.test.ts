import { expect, test } from 'vitest';
import type { ImportRecord } from '../contract.ts';
import { isWorking, standingOf, stepOf } from './import-standing.ts';

type Work = NonNullable<ImportRecord['job']>['state'] | null;

test.each<[ImportRecord['state'], Work, string, string, boolean, string]>([
  ['preparing', null, 'columns', 'columns', false, 'sent, never checked'],
  ['preparing', 'queued', 'checking', 'preview', true, 'the check waits its turn'],
  ['preparing', 'running', 'checking', 'preview', true, 'the check is at work'],
  ['preparing', 'cancelled', 'columns', 'columns', false, 'a stopped check is started again from the columns'],
  ['preparing', 'failed', 'columns', 'columns', false, 'so is one that broke off'],
  ['failed', 'failed', 'refused', 'preview', false, 'the file as a whole was refused'],
  ['previewed', 'succeeded', 'previewed', 'preview', false, 'the preview is there'],
  ['previewed', 'cancelled', 'previewed', 'preview', false, 'applying was stopped: the preview holds'],
  ['applying', 'running', 'applying', 'apply', true, 'being written'],
  ['applied', 'succeeded', 'applied', 'result', false, 'written'],
  ['reverting', 'running', 'reverting', 'result', true, 'being undone'],
  ['reverted', 'succeeded', 'reverted', 'result', false, 'undone'],
  ['abandoned', null, 'abandoned', 'file', false, 'given up: the next thing is another file'],
])('%s with its work %s stands at %s, step %s, at work %s: %s', (state, work, standing, step, working) => {
  const record = { state, job: work && { state: work, done: 0, total: 1_000 } };
  expect(standingOf(record)).toBe(standing);
  expect(stepOf(standingOf(record))).toBe(step);
  expect(isWorking(record)).toBe(working);
});
