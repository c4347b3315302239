import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupFacts } from '../../platform/database/backup.ts';
import { readMigrations } from '../../platform/database/migrate.ts';
import { version } from '../version.ts';
import { isNewer, requireAcceptable } from './restore.ts';

const ours: BackupFacts = {
  format: 1,
  createdAt: '2026-11-22T03:20:00.000Z',
  version: version(),
  postgres: 18,
  migrations: readMigrations(path.resolve(import.meta.dirname, '../../../db/migrations')).map(({ name }) => name),
  journals: [],
  secretElsewhere: false,
};

describe('a backup to put back', () => {
  test('is accepted when this program made it, or an older one', () => {
    expect(() => requireAcceptable(ours)).not.toThrow();
    expect(() =>
      requireAcceptable({ ...ours, version: '0.0.1', migrations: ours.migrations.slice(0, 2) }),
    ).not.toThrow();
  });

  test.each([
    // what is newer            facts                                             what is said
    ['its program', { version: '99.0.0' }, 'version plus récente de Palier (99.0.0 ;'],
    ['a migration', { migrations: [...ours.migrations, '9999_later'] }, '9999_later'],
    ['its format', { format: 2 as never }, 'version plus récente'],
    ['its PostgreSQL', { postgres: 19 }, 'PostgreSQL 19'],
    ['this PostgreSQL', { postgres: 17 }, 'ne peut pas la lire'],
  ])('is refused when %s is newer', (_name, facts, words) =>
    expect(() => requireAcceptable({ ...ours, ...facts })).toThrow(words),
  );
});

test.each([
  // a         b         a is newer
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '0.99.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.1.0', '0.1.1', false],
])('version %s is newer than %s: %s', (a, b, expected) => expect(isNewer(a, b)).toBe(expected));
