import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { type Browser, chromium } from '@playwright/test';
import { demonstrationAccounts } from '../src/app/demonstration.ts';
import { projectFolder } from '../src/app/program.ts';
import { type BenchResult, figure, type Print } from './bench.ts';
import { benchFolder, startServer } from './stack.ts';
import { requireScreens } from './start.ts';

const limit = 250_000;

/** The JavaScript a person waits for on « Aujourd’hui », as Chromium receives it and as the build says. */
export async function benchWeb(print: Print): Promise<BenchResult[]> {
  requireScreens();
  const { folder, remove } = benchFolder('web');
  const browser = await chromium.launch(launchOptions());
  const ours = await startServer([path.join(projectFolder, 'bin/palier.mjs'), 'start'], {
    PALIER_DATA: folder,
    PORT: '0',
  });
  try {
    const { first, all } = await receivedBy(browser, ours.url);
    for (const [name, size] of first) print(`${figure(size / 1_000, 1).padStart(7)} kB ${name}`);
    return [
      {
        work: 'JavaScript of the first screen after the sign-in, as received',
        measured: kilobytes(sum(first)),
        target: 'at most 250 kB compressed',
        reached: sum(first) > 0 && sum(first) <= limit,
      },
      {
        work: 'the same scripts by gzip, for browsers without brotli',
        measured: kilobytes(gzipped(first.keys())),
        target: 'at most 250 kB compressed',
        reached: gzipped(first.keys()) <= limit,
      },
      {
        work: 'with the sign-in page before it, as received',
        measured: kilobytes(sum(all)),
        target: '',
        reached: true,
      },
    ];
  } finally {
    await browser.close();
    await ours.stop();
    remove();
  }
}

const kilobytes = (bytes: number): string => `${figure(bytes / 1_000, 1)} kB`;

const sum = (sizes: Map<string, number>): number => sizes.values().reduce((total, size) => total + size, 0);

/** The Chromium of the machine where there is one, else Playwright's own. */
function launchOptions() {
  const ofTheMachine = process.env.PALIER_CHROMIUM ?? '/usr/bin/chromium';
  return {
    ...(fs.existsSync(ofTheMachine) ? { executablePath: ofTheMachine } : {}),
    // Chromium's sandbox does not run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  };
}

/** Signs in as people do, then opens « Aujourd’hui » again with an empty cache: the scripts of both, by name. */
async function receivedBy(browser: Browser, url: string) {
  const context = await browser.newContext({ locale: 'fr-BE' });
  const all = await scriptsDuring(context, async (page) => {
    const account = (await demonstrationAccounts())[0]!;
    await page.goto(`${url}/connexion`);
    await page.fill('input[type=email]', account.email);
    await page.fill('input[type=password]', account.password);
    await page.click('button[type=submit]');
    await page.waitForURL('**/aujourdhui');
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
  });
  const again = await browser.newContext({ locale: 'fr-BE', storageState: await context.storageState() });
  const first = await scriptsDuring(again, async (page) => {
    await page.goto(`${url}/aujourdhui`);
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
  });
  return { first, all };
}

async function scriptsDuring(
  context: Awaited<ReturnType<Browser['newContext']>>,
  visit: (page: Awaited<ReturnType<typeof context.newPage>>) => Promise<void>,
): Promise<Map<string, number>> {
  const page = await context.newPage();
  const received: Promise<[string, number]>[] = [];
  page.on('requestfinished', (request) => {
    if (!new URL(request.url()).pathname.endsWith('.js')) return;
    received.push(request.sizes().then(({ responseBodySize }) => [path.basename(request.url()), responseBodySize]));
  });
  await visit(page);
  const sizes = new Map((await Promise.all(received)).toSorted(([, a], [, b]) => b - a));
  await page.close();
  return sizes;
}

/** What the same scripts weigh by gzip: for browsers and proxies without brotli. */
function gzipped(names: Iterable<string>): number {
  const assets = path.join(projectFolder, 'dist/assets');
  return [...names].reduce(
    (total, name) => total + zlib.gzipSync(fs.readFileSync(path.join(assets, name)), { level: 9 }).length,
    0,
  );
}
