import { afterAll, beforeAll, expect, test } from 'vitest';
import { CopyOut } from './copy-out.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** What COPY and an ordinary reading give for one statement. */
async function bothWays(sql: string, parameters: unknown[]) {
  const client = await db.database.streams.connect();
  try {
    const copy = new CopyOut(client, { sql, parameters });
    await copy.open();
    const copied = (await Array.fromAsync(copy.rows())).flat();
    const { rows, fields } = await client.query({ text: sql, values: parameters, rowMode: 'array' });
    return {
      copied,
      read: rows as unknown[][],
      names: [copy.names, fields.map(({ name }) => name)],
      count: copy.count,
    };
  } finally {
    client.release();
  }
}

const texts = ['', '\\N', '\\', 'a\tb', 'a\nb', 'a\r\nb', "l'été", '$1', '\\t', '€ 😀', '\u0001\b\f\v', '"', "E\\'x"];

test.each(texts)('%j comes back as it is stored', async (text) => {
  const { copied, read } = await bothWays('select $1::text as "the text", null::text as nothing, $2::int + 1', [
    text,
    41,
  ]);
  expect(copied).toEqual([[text, null, '42']]);
  expect(read[0]![0]).toBe(text);
});

test('many rows, in their order, under their names', async () => {
  const sql = `select n::text as "n", repeat('é', n % 50) as long from generate_series(1, $1::int) n order by n desc`;
  const { copied, read, names, count } = await bothWays(sql, [20_000]);
  expect(copied).toEqual(read);
  expect(names[0]).toEqual(names[1]);
  expect(count).toBe(20_000);
});

test('rows longer than what arrives at a time come whole, never as a portion of none', async () => {
  const client = await db.database.streams.connect();
  try {
    const copy = new CopyOut(client, {
      sql: `select n, repeat('x', 300000) from generate_series(1, 8) n`,
      parameters: [],
    });
    await copy.open();
    const portions = await Array.fromAsync(copy.rows());
    expect(portions.flat().map(([n, text]) => [n, text!.length])).toEqual(
      Array.from({ length: 8 }, (_, index) => [String(index + 1), 300_000]),
    );
    expect(portions.filter((rows) => rows.length === 0)).toEqual([]);
  } finally {
    client.release();
  }
});

test('no row is a heading alone', async () => {
  expect(await bothWays('select 1 as one where $1', [false])).toMatchObject({ copied: [], names: [['one'], ['one']] });
});

test('a statement that fails does so when it is opened, or where it fails; the connection serves again', async () => {
  const client = await db.database.streams.connect();
  try {
    const wrong = new CopyOut(client, { sql: 'select 1 / $1::int', parameters: [0] });
    await expect(wrong.open()).rejects.toMatchObject({ code: '22012' });
    const late = new CopyOut(client, {
      sql: 'select 1 / (50000 - n) from generate_series(1, 60000) n',
      parameters: [],
    });
    await late.open();
    await expect(Array.fromAsync(late.rows())).rejects.toMatchObject({ code: '22012' });
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    client.release();
  }
});

test('what nobody reads is read to its end, so that the connection serves again', async () => {
  const client = await db.database.streams.connect();
  try {
    const copy = new CopyOut(client, { sql: 'select n from generate_series(1, 100000) n', parameters: [] });
    await copy.open();
    await copy.rows().next();
    await copy.drain();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    client.release();
  }
});

test('a parameter COPY cannot carry is refused', async () => {
  const client = await db.database.streams.connect();
  expect(() => new CopyOut(client, { sql: 'select any($1)', parameters: [['a']] })).toThrow(TypeError);
  client.release();
});
