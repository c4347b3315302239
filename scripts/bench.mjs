/**
 * `npm run bench`: installs what is missing, builds the screens when they are old, and measures. What follows `--` goes to
 * the bench: `npm run bench -- http ranking`.
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
  const child = spawn(process.execPath, [path.join('bench', 'main.ts'), ...process.argv.slice(2)], {
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
