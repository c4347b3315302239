#!/usr/bin/env node
import fs from 'node:fs';
import path from 'node:path';
import { LaunchError, launch, project, runProgram } from '../scripts/runtime.mjs';

await launch(() => {
  if (!fs.existsSync(path.join(project, 'node_modules', 'zod'))) {
    throw new LaunchError('Palier n’est pas encore installé : lancez npm install, ou npm start.');
  }
  return runProgram(process.argv.slice(2));
});
