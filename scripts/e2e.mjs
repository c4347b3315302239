/**
 * `npm run test:e2e`: installs what is missing, builds the screens when they are old, and plays the journeys of `e2e` in
 * Chromium. What follows `--` goes to Playwright: `npm run test:e2e -- brussels --headed`.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { chromium } from './chromium.mjs';
import { installIfNeeded } from './install.mjs';
import { launch, project } from './runtime.mjs';
import { buildScreensIfNeeded } from './screens.mjs';

await launch(async () => {
  await installIfNeeded();
  await buildScreensIfNeeded();
  const playwright = path.join(project, 'node_modules', '@playwright', 'test', 'cli.js');
  const child = spawn(process.execPath, [playwright, 'test', ...process.argv.slice(2)], {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, PALIER_CHROMIUM: await chromium() },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
});
