import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordEvent } from '../../platform/audit/events.ts';
import { verifyJournals } from '../../platform/audit/verify-journals.ts';
import { asProgram } from '../../platform/database/as-program.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { describeJournals } from './verify-journal.ts';

let app: TestApp;
let agency: string;
let other: string;
let events: string[];

async function decide(organisationId: string, times: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= times; number++) {
    const subjects = [{ kind: 'organisation', id: organisationId }];
    ids.push(
      await asProgram(app.database, { organisationId }, (tx) =>
        recordEvent(tx, { kind: 'organisations.setting-chosen', organisationId, subjects, journal: { number } }),
      ),
    );
  }
  return ids;
}

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  agency = await app.anOrganisation('agency', { name: 'AIS Les Tilleuls' });
  other = await app.anOrganisation('landlord', { name: 'Habitat Rive' });
  events = await decide(agency, 5);
  await decide(other, 3);
});

const alter = (statement: string) => app.database.owner.query(statement, [agency]);
const reportOf = async (id: string) => (await verifyJournals(app.ownerUrl, id))[0]!;

describe('the verification of journals', () => {
  test('finds both whole, with their heads', async () => {
    const { rows } = await app.database.owner.query(
      `select encode(hash, 'hex') as head from platform.journal_heads where organisation_id = $1`,
      [agency],
    );
    expect(await reportOf(agency)).toMatchObject({
      organisation: 'AIS Les Tilleuls',
      verdict: { intact: true, entries: 5, head: rows[0].head },
    });
    expect(await reportOf(other)).toMatchObject({ verdict: { intact: true, entries: 3 } });
  });

  test.each([
    // what was altered, by the owner of the database                                                              first  reason
    [
      `update platform.journal set entry = replace(entry, '"number":3', '"number":8') where organisation_id = $1 and seq = 3`,
      3,
      'entry-altered',
    ],
    [
      `update platform.journal set entry_hash = set_byte(entry_hash, 7, get_byte(entry_hash, 7) # 1) where organisation_id = $1 and seq = 2`,
      2,
      'entry-altered',
    ],
    [
      `update platform.journal set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where organisation_id = $1 and seq = 4`,
      4,
      'link-altered',
    ],
    [
      `update platform.journal set entry = 'x', entry_hash = sha256('x') where organisation_id = $1 and seq = 1`,
      1,
      'link-altered',
    ],
    [
      `update platform.journal j set event_id = (select event_id from platform.journal where organisation_id = j.organisation_id and seq = 1)
      where organisation_id = $1 and seq = 5`,
      5,
      'event-altered',
    ],
  ])('names the first broken entry and its event: %s', async (statement, first, reason) => {
    await alter(statement);
    const report = await reportOf(agency);
    expect(report.verdict).toEqual({ intact: false, entries: first - 1, firstBroken: first, reason });
    expect(report.brokenEvent).toMatchObject({
      id: reason === 'event-altered' ? events[0] : events[first - 1],
      kind: 'organisations.setting-chosen',
    });
    expect(describeJournals([report])).toContain(
      `AIS Les Tilleuls : journal rompu à l’écriture ${first} (événement ${report.brokenEvent!.id}`,
    );
    expect(await reportOf(other)).toMatchObject({ verdict: { intact: true } });
  });

  test.each([
    // what was removed                                                                   first  reason
    ['delete from platform.journal where organisation_id = $1 and seq = 2', 2, 'missing'],
    ['delete from platform.journal where organisation_id = $1 and seq > 3', 4, 'cut'],
    ['delete from platform.journal where organisation_id = $1', 1, 'cut'],
    ['delete from platform.journal_heads where organisation_id = $1', 6, 'cut'],
    ['update platform.journal_heads set seq = 4 where organisation_id = $1', 6, 'cut'],
  ])('notices what was taken away: %s', async (statement, first, reason) => {
    await alter(statement);
    expect((await reportOf(agency)).verdict).toMatchObject({ intact: false, firstBroken: first, reason });
  });
});
