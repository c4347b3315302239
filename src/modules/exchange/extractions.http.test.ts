import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling, aLineAtWork, anApplication, aTenancy } from '../../app/test-fixtures.ts';
import type { AnyList } from '../../platform/lists/list.ts';
import { openFile } from './reading/open-file.ts';

let app: TestApp;
let officer: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
  ({ officer } = await aLineAtWork(app));
  const landlord = officer.organisationId;
  for (let n = 0; n < 7; n++) {
    const dwelling = await aDwelling(app, landlord, {
      municipality: n % 2 ? '93048' : '93066',
      street: n === 3 ? '=HYPERLINK("http://x")' : `Rue "${n}"; des Écoles`,
      rentCents: 50_005 + n,
      rooms: n % 3 === 0 ? null : n,
      occupancy: n % 2 ? 'let' : 'void',
    });
    if (n % 2) await aTenancy(app, landlord, dwelling);
    await anApplication(app, landlord, { familyName: `Ménage ${n}` });
  }
});
afterAll(() => app.close());

const extract = (user: TestUser, list: string, query = '') => app.as(user).get(`/extractions/${list}?${query}`);

type Page = { items: Record<string, unknown>[]; nextCursor: string | null };

/** Every item of a list, page after page. */
async function itemsOf(url: string, query: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body }: { status: number; body: Page } = await app
      .as(officer)
      .get(`${url}?${query}&limit=3${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
}

const listNamed = (name: string): AnyList => app.services.lists.find((list) => list.name === name)!;

describe('an extraction says what the list says', () => {
  const lists: [name: string, url: string, filters: string][] = [
    ['portfolio.dwellings', '/dwellings', ''],
    ['portfolio.dwellings', '/dwellings', 'municipality=93048&occupancy=let,notice'],
    ['portfolio.dwellings', '/dwellings', 'q=ecoles'],
    ['portfolio.owners', '/owners', ''],
    ['portfolio.contracts', '/contracts', ''],
    ['applicants.applications', '/applications', ''],
    ['applicants.register', '/register', 'state=active'],
    ['tenancies.tenancies', '/tenancies', ''],
    ['allocation.vacancies', '/vacancies', ''],
    ['exchange.imports', '/imports', ''],
  ];
  test.each(lists)('%s %s?%s, in every order', async (name, url, filters) => {
    const list = listNamed(name);
    const keys = list.columns.map(({ key }) => key as string);
    for (const sort of Object.keys(list.sorts)) {
      for (const order of ['asc', 'desc']) {
        const query = `${filters}&sort=${sort}&order=${order}`;
        const { status, body } = await extract(officer, name, `${query}&format=json`);
        expect(status).toBe(200);
        const items = (await itemsOf(url, query)).map((item) =>
          Object.fromEntries(keys.filter((key) => key in item).map((key) => [key, item[key]])),
        );
        const shown = new Set(items.flatMap((item) => Object.keys(item)));
        const rows = (body as Record<string, unknown>[]).map((row) =>
          Object.fromEntries(Object.entries(row).filter(([key]) => shown.has(key))),
        );
        expect([query, rows]).toEqual([query, items]);
      }
    }
  });

  test('every list of the program leaves in every format, its headings in words', async () => {
    const director = await app.aUser(officer.organisationId, [
      'director',
      'administrator',
      'holder-officer',
      'observer',
    ]);
    for (const list of app.services.lists) {
      for (const format of ['csv', 'xlsx', 'json']) {
        const { status, body, headers } = await extract(director, list.name, `format=${format}`);
        if (status === 403) continue;
        expect([list.name, format, status]).toEqual([list.name, format, 200]);
        expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w. -]+-2026-03-12\.(csv|xlsx|json)"/);
        if (format === 'csv') expect(String(body).split('\r\n')[0]).not.toMatch(/columns\.|undefined/);
      }
    }
  });
});

describe('the three formats', () => {
  test('CSV: marks, euros, days and words as people read them, and nothing a spreadsheet would compute', async () => {
    const { body, headers } = await extract(officer, 'portfolio.dwellings', 'format=csv&sort=rent');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const text = String(body);
    expect(text.startsWith('\ufeff')).toBe(true);
    const rows: Record<string, string>[] = parse(text, { bom: true, delimiter: ';', columns: true });
    const json = (await extract(officer, 'portfolio.dwellings', 'format=json&sort=rent')).body;
    expect(rows.length).toBe(json.length);
    const words: Record<string, string> = { let: 'occupé', void: 'vide' };
    for (const [index, row] of rows.entries()) {
      const { rentCents, street, occupancy, rooms } = json[index];
      expect(Object.values(row)).toContain(
        `${Math.trunc(rentCents / 100)},${String(rentCents % 100).padStart(2, '0')}`,
      );
      expect(Object.values(row)).toContain(street.startsWith('=') ? `'${street}` : street);
      if (words[occupancy]) expect(Object.values(row).map((word) => word.toLowerCase())).toContain(words[occupancy]);
      if (rooms === null) expect(Object.values(row)).toContain('');
    }
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@\t]/);
  });

  test('a workbook: numbers as numbers, days as days, texts as texts, the heading in sight', async () => {
    const answer = await app.server.inject({
      url: '/api/v1/extractions/applicants.register?format=xlsx',
      headers: { cookie: officer.cookie, 'palier-organisation': officer.organisationId },
    });
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'palier-extraction-')), 'register.xlsx');
    fs.writeFileSync(file, answer.rawPayload);
    const [heading, ...rows] = await Array.fromAsync(openFile(file, { format: 'xlsx' }));
    fs.rmSync(path.dirname(file), { recursive: true });
    const json = (await extract(officer, 'applicants.register', 'format=json')).body;
    expect(heading!.cells[0]).toBe('Numéro');
    expect(rows.map(({ cells }) => cells.slice(0, 4))).toEqual(
      json.map(({ number, registeredOn, persons, bedroomsNeeded }: Record<string, unknown>) => [
        number,
        registeredOn,
        persons,
        bedroomsNeeded,
      ]),
    );
  });

  test('in the language of who asks', async () => {
    await app.database.owner.query(`update organisations.users set language = 'nl' where id = $1`, [officer.userId]);
    const text = String((await extract(officer, 'portfolio.dwellings')).body);
    await app.database.owner.query(`update organisations.users set language = 'fr' where id = $1`, [officer.userId]);
    expect(text.split('\r\n')[0]).toContain('Huur');
  });
});

describe('who may, and what is written down', () => {
  test('a list one may not see, or that is none, is refused before anything leaves', async () => {
    const technician = await app.aUser(officer.organisationId, ['technician']);
    expect((await extract(technician, 'applicants.applications')).body.code).toBe('E-ACCESS-01');
    expect((await extract(officer, 'nothing.at-all')).status).toBe(404);
    expect((await extract(officer, 'portfolio.dwellings', 'sort=colour')).body.code).toBe('E-FIELDS-01');
    expect((await extract(officer, 'portfolio.dwellings', 'bedrooms=two')).body.code).toBe('E-FIELDS-01');
    expect((await extract(officer, 'portfolio.dwellings', 'format=pdf')).status).toBe(400);
    expect((await app.as(undefined).get('/extractions/portfolio.dwellings')).status).toBe(401);
  });

  test('another organisation extracts its own rows, which are none', async () => {
    const stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
    expect((await extract(stranger, 'portfolio.dwellings', 'format=json')).body).toEqual([]);
  });

  test('the list, the format, the filters and the number of rows stay in the journal of events', async () => {
    const { body } = await extract(officer, 'portfolio.dwellings', 'format=json&occupancy=void');
    // Written once the last row has left.
    await vi.waitFor(async () => {
      const { rows } = await app.database.owner.query(
        `select after, actor_user_id from platform.events where organisation_id = $1 and kind = 'exchange.list-extracted'
         order by at desc limit 1`,
        [officer.organisationId],
      );
      expect(rows[0]).toEqual({
        actor_user_id: officer.userId,
        after: {
          list: 'portfolio.dwellings',
          format: 'json',
          filters: { occupancy: ['void'] },
          rows: body.length,
          complete: true,
        },
      });
    });
  });
});

describe('a download that is given up', () => {
  let port: number;
  beforeAll(async () => {
    await app.server.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.server.address() as net.AddressInfo).port;
  });

  const ask = (list: string): net.Socket => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `GET /api/v1/extractions/${list} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${officer.cookie}\r\nPalier-Organisation: ${officer.organisationId}\r\n\r\n`,
    );
    return socket;
  };
  const lastExtraction = async () => {
    const { rows } = await app.database.owner.query(
      `select after from platform.events where organisation_id = $1 and kind = 'exchange.list-extracted' order by at desc limit 1`,
      [officer.organisationId],
    );
    return rows[0].after as { list: string; rows: number; complete: boolean };
  };
  const waiting = async () => {
    const { rows } = await app.database.owner.query(
      `select pid from pg_stat_activity where datname = current_database() and usename = 'palier_app' and wait_event_type = 'Lock'`,
    );
    return rows.length;
  };

  test('stops the statement the database is at, even before the first row', async () => {
    const client = await app.database.owner.connect();
    try {
      await client.query('begin');
      await client.query('lock table portfolio.contracts in access exclusive mode');
      const socket = ask('portfolio.contracts');
      await vi.waitFor(async () => expect(await waiting()).toBe(1), 5_000);
      socket.destroy();
      await vi.waitFor(async () => expect(await waiting()).toBe(0), 5_000);
    } finally {
      await client.query('rollback');
      client.release();
    }
    await vi.waitFor(
      async () =>
        expect(await lastExtraction()).toMatchObject({ list: 'portfolio.contracts', rows: 0, complete: false }),
      5_000,
    );
  });

  test('in its middle, ends there: the rows that nobody reads are not read', async () => {
    await app.database.owner.query(
      `insert into portfolio.owners (organisation_id, id, reference, name, note)
       select $1, gen_random_uuid(), 'N' || n, repeat('Long nom ', 20) || n, null from generate_series(1, 60000) n`,
      [officer.organisationId],
    );
    const socket = ask('portfolio.owners');
    await new Promise<void>((resolve) => {
      socket.once('data', () => {
        socket.pause();
        resolve();
      });
    });
    socket.destroy();
    await vi.waitFor(
      async () => expect(await lastExtraction()).toMatchObject({ list: 'portfolio.owners', complete: false }),
      10_000,
    );
    expect((await lastExtraction()).rows).toBeLessThan(60_000);
    expect((await extract(officer, 'portfolio.owners', 'format=json')).body.length).toBeGreaterThan(60_000);
  });
});
