import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { day } from '../../kernel/local-date.ts';
import { JournalWriter } from '../../modules/flow/points/journal-lines.ts';
import { project, temporaryFolder } from './test-program.ts';

const folder = temporaryFolder('recount');
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Four vacancies at a quarter: one due, two proposed, one leased. */
function journal(told: { proposed: number }, leasedWithoutProposal = false): string {
  const [landlordId, id] = [newId(), newId()];
  const writer = new JournalWriter();
  const common = { landlord: landlordId, department: '93', municipality: '93048', territory: 'T8' };
  const more = { reason: null, exchange: null, late: false };
  let text = writer.line({
    palier: 'flow-journal',
    version: 1,
    year: 2026,
    on: '2026-03-01',
    perimeter: { id: landlordId, name: 'Rive Haute' },
    agreements: [
      {
        id,
        landlord: 'Rive Haute',
        holder: 'Ville de Montreuil',
        landlordId,
        reference: 'CR-1',
        perimeterCode: '93048',
        startsOn: day('2024-01-01'),
        shares: [{ from: '2024-01-01', until: null, share: '0.25' }],
        phases: [],
        adopted: [],
        closed: [],
      },
    ],
  });
  for (const vacancy of ['a', 'b', 'c', 'd']) {
    text += writer.line({ ...common, vacancy, on: day('2026-01-05'), kind: 'freed', agreement: null, ...more });
    if (vacancy < 'c')
      text += writer.line({ ...common, vacancy, on: day('2026-01-07'), kind: 'proposed', agreement: id, ...more });
    if (vacancy === (leasedWithoutProposal ? 'd' : 'a'))
      text += writer.line({ ...common, vacancy, on: day('2026-02-07'), kind: 'leased', agreement: id, ...more });
  }
  const points = {
    proposed: '0.60',
    attributed: '0.70',
    counted: '0.60',
    pending: '0.00',
    total: '1.30',
    attainment: '1.3000',
  };
  const figures = [{ agreement: id, freed: 4, due: '1.000000', attributed: 0, leased: 1, ...told, points }];
  return text + writer.line({ end: true, events: writer.events, figures });
}

function run(text: string, ...options: string[]) {
  const file = path.join(folder, 'journal.jsonl');
  fs.writeFileSync(file, text);
  const { DATABASE_URL: _url, ...env } = process.env;
  return spawnSync(process.execPath, [path.join(project, 'bin', 'palier.mjs'), 'flow', 'recount', file, ...options], {
    encoding: 'utf8',
    env: { ...env, PALIER_DATA: folder },
  });
}

test('a journal that is whole is recounted without a database', () => {
  const { stdout, status } = run(journal({ proposed: 2 }));
  expect(stdout).toContain('CR-1  Ville de Montreuil  4 libérations  dû 1  2 propositions  1 bail  1,3 points');
  expect(stdout).toContain('Tout concorde.');
  expect(status).toBe(0);
});

test.each([
  ['figures the events do not give', journal({ proposed: 3 }), 'E-RECOUNT-05'],
  ['an altered line', journal({ proposed: 2 }).replace('2026-02-07', '2026-02-08'), 'E-RECOUNT-01'],
  ['a cut', journal({ proposed: 2 }).slice(0, -30), 'E-RECOUNT-03'],
  ['another file', 'Référence;Rue\r\n', 'E-RECOUNT-04'],
])('%s: refused with its code', (_, text, code) => {
  const { stdout, stderr, status } = run(text);
  expect(stdout + stderr).toContain(code);
  expect(status).toBe(1);
});

test('for programs, in JSON', () => {
  const answer = JSON.parse(run(journal({ proposed: 2 }), '--json').stdout);
  expect(answer).toMatchObject({ whole: true, events: 7, vacancies: 4, differences: [] });
});

test('a lease without a proposal is counted, and told', () => {
  const { status, stdout } = run(journal({ proposed: 2 }, true));
  expect(status).toBe(0);
  expect(stdout).toContain('E-RECOUNT-06 : CR-1, logement d : un bail sans proposition');
  expect(run(journal({ proposed: 2 })).stdout).not.toContain('E-RECOUNT-06');
});
