/**
 * `npm start`: installs what is missing, builds the screens when they are old, starts the program. The machine needs
 * Node 20.19 and npm, and nothing else. The script of package.json says `exec` so that no shell stays between npm and
 * this: signals sent to npm arrive. Where there is no `exec` (Windows), its second half runs.
 */
import { installIfNeeded } from './install.mjs';
import { launch, runProgram } from './runtime.mjs';
import { buildScreensIfNeeded } from './screens.mjs';

await launch(async () => {
  await installIfNeeded();
  await buildScreensIfNeeded();
  return runProgram(['start', ...process.argv.slice(2)]);
});
