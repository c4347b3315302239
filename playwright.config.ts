import { defineConfig } from '@playwright/test';

/**
 * The journeys: one program on a fresh folder with the demonstration, one browser, one journey after the other, in the
 * order of their names; what one has done, the next ones find.
 */
export default defineConfig({
  testDir: 'e2e/journeys',
  testMatch: '*.e2e.ts',
  outputDir: 'test-results',
  globalSetup: './e2e/program.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    baseURL: process.env.PALIER_E2E_URL,
    locale: 'fr-BE',
    timezoneId: 'Europe/Brussels',
    viewport: { width: 1_440, height: 900 },
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.PALIER_CHROMIUM,
      args: [
        // Root has no sandbox of its own; the rest keeps the browser from calling home.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-quic',
        '--disable-sync',
      ],
    },
  },
});
