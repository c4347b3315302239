/**
 * Installs what the program needs when `node_modules` is not what `package-lock.json` says. Also called by itself:
 * `node scripts/install.mjs`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError, launch, project } from './runtime.mjs';

const lockFile = path.join(project, 'package-lock.json');
const modules = path.join(project, 'node_modules');
const stampFile = path.join(modules, '.palier-installed');

/** @returns {Promise<boolean>} whether something was installed */
export async function installIfNeeded() {
  const lock = fs.readFileSync(lockFile, 'utf8');
  const stamp = `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}`;
  if (readIfThere(stampFile) === stamp) return false;
  const wanted = packagesOf(lock);
  // Whoever ran npm by hand has done the work: nothing is wiped and installed again.
  const installed = !isInstalled(wanted);
  if (installed) await install(wanted);
  fs.writeFileSync(stampFile, stamp);
  return installed;
}

/** @returns {[string, { version?: string, optional?: boolean, dev?: boolean }][]} */
const packagesOf = (lock) => Object.entries(JSON.parse(lock).packages).filter(([name]) => name !== '');

/** npm writes down what it installed in `node_modules/.package-lock.json`, when it is done. */
function isInstalled(wanted) {
  const written = readIfThere(path.join(modules, '.package-lock.json'));
  if (!written) return false;
  const present = JSON.parse(written).packages;
  const screensBuilt = fs.existsSync(path.join(project, 'dist', 'index.html'));
  return wanted.every(([name, { version, optional, devOptional, dev }]) => {
    if (present[name]) return present[name].version === version;
    // Packages of other systems are left out, and those for development where the screens came built.
    return optional || devOptional || (dev && screensBuilt);
  });
}

const readIfThere = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

async function install(wanted) {
  console.log('Installation de ce dont Palier a besoin (une fois)…');
  const began = Date.now();
  const npm = npmCommand();
  const child = spawn(
    npm.command,
    [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: npm.shell,
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output = `${output}${text}`.slice(-20_000);
    });
  }
  const progress = setInterval(() => showProgress(wanted), 500);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += `${error.code} ${error.message}`;
      resolve(-1);
    });
    child.once('close', resolve);
  });
  clearInterval(progress);
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  if (code !== 0) throw new LaunchError(`L’installation a échoué. ${explain(output)}`);
  console.log(`Installé en ${Math.round((Date.now() - began) / 1_000)} s.`);
}

function showProgress(wanted) {
  if (!process.stdout.isTTY) return;
  const here = wanted.filter(([, { optional }]) => !optional);
  const done = here.filter(([name]) => fs.existsSync(path.join(project, name, 'package.json'))).length;
  process.stdout.write(`\r  ${Math.min(99, Math.floor((100 * done) / here.length))} %`);
}

/** The npm that started us, else the one of the machine. npm removes `node_modules`, and the Node in it: not that one. */
function npmCommand() {
  const script = process.env.npm_execpath;
  const node = [process.env.npm_node_execpath, process.execPath].find((file) => file && !file.startsWith(modules));
  if (script && node && fs.existsSync(script)) return { command: node, args: [script], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

const reasons = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i,
    'Le registre de npm est injoignable : vérifiez la connexion, ou le serveur mandataire (npm config get proxy).',
  ],
  [/ENOSPC/, 'Le disque est plein : il faut environ 1 Go libre.'],
  [
    /EACCES|EPERM|EROFS/,
    'Le compte courant ne peut pas écrire dans node_modules : changez de compte, ou le propriétaire du dossier.',
  ],
  [
    /EINTEGRITY/,
    'Un paquet reçu n’a pas l’empreinte attendue : videz la mémoire de npm (npm cache clean --force), puis recommencez.',
  ],
  [/E40[13]/, 'Le registre de npm refuse l’accès : vérifiez le compte réglé dans .npmrc.'],
  [
    /can only install packages when|EUSAGE/,
    'package.json et package-lock.json ne s’accordent pas : lancez npm install.',
  ],
  [/^ENOENT/m, 'npm est introuvable : installez Node avec npm.'],
];

function explain(output) {
  const reason = reasons.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm a dit :';
  const last = output.trim().split('\n').slice(-6);
  return [reason, ...last.map((line) => `  ${line}`)].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  await launch(async () => {
    if (!(await installIfNeeded())) console.log('Tout est installé.');
    return 0;
  });
}
