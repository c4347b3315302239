/** `npm run dev`: the program, started again at each change of its sources, and the screens as they are written. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installIfNeeded } from './install.mjs';
import { launch, project } from './runtime.mjs';

await launch(async () => {
  await installIfNeeded();
  const commands = [
    ['--watch-path=src', '--watch-path=db', '--watch-preserve-output', 'src/app/main.ts', 'start'],
    [path.join('node_modules', 'vite', 'bin', 'vite.js')],
  ];
  const children = commands.map((args) => spawn(process.execPath, args, { cwd: project, stdio: 'inherit' }));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      for (const child of children) child.kill(signal);
    });
  }
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  return 0;
});
