/**
 * The Chromium of the journeys: the one PALIER_CHROMIUM names, the system's, or one installed now, from the packages of
 * Debian when root asks, else by Playwright. Also called by itself: `node scripts/chromium.mjs` says where it is.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError, launch, project } from './runtime.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * @returns {Promise<string>} the program of the browser
 * @throws LaunchError saying what to install, and how
 */
export async function chromium() {
  const named = process.env.PALIER_CHROMIUM;
  if (named) {
    if (fs.existsSync(named)) return named;
    throw new LaunchError(`PALIER_CHROMIUM désigne ${named}, qui n’existe pas. Corrigez ce réglage ou retirez-le.`);
  }
  return inPath() ?? (await ofPlaywright()) ?? (await install());
}

function inPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

/** The browser Playwright keeps for itself, when it was downloaded. */
async function ofPlaywright() {
  const { chromium: own } = await import('@playwright/test');
  const file = own.executablePath();
  return fs.existsSync(file) ? file : undefined;
}

async function install() {
  const packages = process.getuid?.() === 0 && fs.existsSync('/etc/debian_version');
  console.log(`Installation de Chromium pour les parcours, ${packages ? 'des paquets de Debian' : 'par Playwright'}…`);
  if (packages) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  } else {
    run(process.execPath, [path.join(project, 'node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium']);
  }
  const found = packages ? inPath() : await ofPlaywright();
  if (found) return found;
  throw new LaunchError(
    'Chromium n’a pas pu être installé. Installez-le vous-même (Debian, en root : apt-get install chromium ; ailleurs : ' +
      'npx playwright install chromium), ou désignez celui que vous avez avec PALIER_CHROMIUM=/chemin/du/programme.',
  );
}

/** What fails is said by the program itself; whether Chromium is there in the end is looked at afterwards. */
function run(command, args) {
  spawnSync(command, args, {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  await launch(async () => {
    console.log(await chromium());
    return 0;
  });
}
