import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BatchStatement } from './batch.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let base: TestDatabase;

beforeAll(async () => {
  base = await createTestDatabase();
});
afterAll(() => base.drop());

const upTo = (last: number): BatchStatement<{ n: number; day: string; name: string | null }> => ({
  sql: `select n, date '2026-11-22' + n as day, null as name from generate_series(1, $1::int) g(n)`,
  parameters: [last],
});
const rows = (last: number) =>
  Array.from({ length: last }, (_, index) => ({ n: index + 1, day: `2026-11-${23 + index}`, name: null }));

test('a statement described once is read the same ever after, with rows or without', async () => {
  // More rounds than there are connections: each has seen the statement before the last ones.
  for (let round = 0; round < 30; round++) {
    const last = round % 3;
    expect(await base.database.batch([upTo(last), upTo(2)])).toEqual([rows(last), rows(2)]);
  }
  expect(await Promise.all([1, 2, 0, 3].map((last) => base.database.batch([upTo(last)])))).toEqual(
    [1, 2, 0, 3].map((last) => [rows(last)]),
  );
});

test('statements of other columns keep their own', async () => {
  const word: BatchStatement<{ word: string }> = { sql: 'select $1::text as word', parameters: ['palier'] };
  expect(await base.database.batch([upTo(1), word, upTo(0), word])).toEqual([
    rows(1),
    [{ word: 'palier' }],
    [],
    [{ word: 'palier' }],
  ]);
});

test('an error ends the batch, and the next one is whole', async () => {
  const broken: BatchStatement = { sql: 'select 1 / $1::int as one', parameters: [0] };
  await expect(base.database.batch([upTo(1), broken, upTo(2)])).rejects.toThrow('division by zero');
  await expect(base.database.batch([broken])).rejects.toThrow('division by zero');
  expect(await base.database.batch([{ ...broken, parameters: [1] }, upTo(2)])).toEqual([[{ one: 1 }], rows(2)]);
});
