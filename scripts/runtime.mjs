/**
 * Which Node runs the program, and running it. Plain JavaScript for whatever Node the machine has: nothing here may need
 * a package, or a Node younger than 20.19.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Something the person at the keyboard must know or mend: shown as it is. */
export class LaunchError extends Error {}

const main = path.join(project, 'src', 'app', 'main.ts');

/** The Node that comes with the program, as a package of npm, if there is one for this machine. */
function packagedNode() {
  const { platform, arch } = process;
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const file = path.join(project, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return fs.existsSync(file) ? file : undefined;
}

/** From 22.18 on, Node runs TypeScript as it is. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** @returns {string} the Node that runs the program */
function chosenNode() {
  const packaged = packagedNode();
  if (packaged) return packaged;
  if (runsTypeScript(process.versions.node)) return process.execPath;
  throw new LaunchError(
    `Node ${process.versions.node} est trop ancien pour Palier, et il n’existe pas de Node prêt à l’emploi pour ` +
      `${process.platform} ${process.arch}.\nInstallez Node 24 (https://nodejs.org), puis recommencez.`,
  );
}

/**
 * npm stands between the terminal and us, and a shell between npm and us: when they are killed they take nobody along.
 * Once our parent is gone, we stop as if we had been told to.
 */
function stopWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  look.unref();
}

/**
 * The room V8 gives the program's objects. Left to itself it lets garbage pile up as long as the machine has memory: an
 * import of 200 MB weighed 364 MB instead of 238, for a fifth of the time (docs/bench.md). Whoever says otherwise in
 * NODE_OPTIONS is obeyed.
 */
function heapOptions() {
  if (/--max[-_](old|semi)[-_]space/.test(process.env.NODE_OPTIONS ?? '')) return [];
  return ['--max-semi-space-size=8', '--max-old-space-size=512'];
}

/** Only systems in the manner of Unix replace a process by another; elsewhere the function is there, and throws. */
const canReplaceItself = Boolean(process.execve) && process.platform !== 'win32';

/**
 * Runs a command of the program with the right Node and the right heap: in this process when it has both, else in its
 * place (`execve`: the same process number, nothing left between). Where a process cannot be replaced, the right Node keeps
 * the heap it has; another runs beside us: signals pass to it, and it ends when we are gone, however we go.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runProgram(args) {
  const node = chosenNode();
  const heap = heapOptions();
  const isRightNode = fs.realpathSync(process.execPath) === fs.realpathSync(node);
  const isRight = isRightNode && heap.every((option) => process.execArgv.includes(option));
  if (!isRight && canReplaceItself) {
    process.execve(node, [node, ...heap, path.join(project, 'bin', 'palier.mjs'), ...args]);
  }
  stopWithParent();
  if (isRightNode) {
    process.argv = [process.argv[0], main, ...args];
    await import(pathToFileURL(main).href);
    return process.exitCode ?? 0;
  }
  const child = spawn(node, [...heap, main, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}

/** Runs a launcher to its end, and says in words why it could not. */
export async function launch(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
