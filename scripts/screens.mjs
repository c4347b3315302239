/** Builds the screens when they are missing or older than what they are made of. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { LaunchError, project } from './runtime.mjs';

const built = path.join(project, 'dist', 'index.html');
const vite = path.join(project, 'node_modules', 'vite', 'bin', 'vite.js');

/** @returns {Promise<void>} */
export async function buildScreensIfNeeded() {
  const builtAt = modifiedAt(built);
  if (!fs.existsSync(path.join(project, 'vite.config.ts')) || (builtAt && builtAt >= newestSource())) return;
  // Installed without what development needs: the screens that came with it are served.
  if (!fs.existsSync(vite) && builtAt) return;
  console.log('Construction des écrans…');
  const began = Date.now();
  let output = '';
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(-1);
    });
    child.once('close', resolve);
  });
  if (code !== 0) throw new LaunchError(`Les écrans n’ont pas pu être construits :\n${output.trim()}`);
  // The page may come out as it was: its date says that it is as young as its sources.
  fs.utimesSync(built, new Date(), new Date());
  console.log(`Écrans construits en ${Math.round((Date.now() - began) / 1_000)} s.`);
}

const modifiedAt = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;

function newestSource() {
  let newest = Math.max(
    modifiedAt(path.join(project, 'vite.config.ts')),
    modifiedAt(path.join(project, 'package-lock.json')),
  );
  for (const entry of fs.readdirSync(path.join(project, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.test\.tsx?$/.test(entry.name)) continue;
    newest = Math.max(newest, modifiedAt(path.join(entry.parentPath ?? entry.path, entry.name)) ?? 0);
  }
  return newest;
}
