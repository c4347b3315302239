import { defineConfig } from 'vitest/config';

/**
 * Three kinds of test, told apart by their names: `*.test.ts` knows no database, `*.db.test.ts` and `*.http.test.ts`
 * meet a real PostgreSQL, one database a worker, cloned from a migrated template.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'db/**/*.test.ts'],
          exclude: ['**/*.{db,http}.test.ts'],
        },
      },
      {
        test: {
          name: 'db',
          include: ['src/**/*.{db,http}.test.ts', 'db/**/*.db.test.ts'],
          globalSetup: 'src/platform/database/test-server.ts',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
    ],
  },
});
