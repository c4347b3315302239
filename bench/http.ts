import path from 'node:path';
import { type BenchResult, byTurns, figure, median, type Print, quantile, timed } from './bench.ts';
import { type Load, type LoadResult, load } from './load.ts';
import { listOfDwellings } from './questions.ts';
import {
  anOrganisation,
  aPerson,
  type BenchDatabase,
  openBenchDatabase,
  type Person,
  type RunningServer,
  startProduct,
  startServer,
} from './stack.ts';
import { fillStock } from './stock.ts';

const connections = 16;
const rounds = 9;
const seconds = 2;

/** Three letters and more, as one types them: names, the beginnings of names, numbers, addresses, contacts. */
const searches = [
  'ben',
  'diallo',
  'benali amina',
  'nguyen linh',
  'R00012345',
  'D0054321',
  'h54321@exemple',
  '+33600054321',
  'tilleuls 12',
  'garcia inès',
  'moreau 7',
  'roulettes',
];

/** What the program gives over HTTP at 100,000 dwellings and 100,000 applications, beside the bare query. */
export async function benchHttp(print: Print): Promise<BenchResult[]> {
  const bench = await openBenchDatabase('http');
  try {
    const organisation = await anOrganisation(bench.database, 'landlord');
    const filled = await timed(() =>
      fillStock(bench.database.owner, organisation, { dwellings: 100_000, applications: 100_000 }),
    );
    print(`stock of 100,000 dwellings and 100,000 applications written in ${figure(filled.ms / 1_000, 1)} s`);
    const person = await aPerson(bench.database, organisation, ['director', 'rental-manager']);
    const ours = await startProduct(bench);
    const bare = await startServer([path.join(import.meta.dirname, 'bare-server.ts')], {
      BENCH_OWNER_URL: bench.ownerUrl,
      BENCH_ORGANISATION: organisation,
    });
    try {
      return await measure({ bench, organisation, person, ours, bare, print });
    } finally {
      await Promise.all([ours.stop(), bare.stop()]);
    }
  } finally {
    await bench.close();
  }
}

type Setting = {
  bench: BenchDatabase;
  organisation: string;
  person: Person;
  ours: RunningServer;
  bare: RunningServer;
  print: Print;
};

async function measure(setting: Setting): Promise<BenchResult[]> {
  const { rows } = await setting.bench.database.owner.query<{ id: string }>(
    'select id from portfolio.dwellings where organisation_id = $1 order by md5(id::text) limit 500',
    [setting.organisation],
  );
  const records = rows.map(({ id }) => `/api/v1/dwellings/${id}`);
  return [
    await besideBare(setting, 'list of 50 among 100,000 dwellings, filtered and sorted', [listOfDwellings.path]),
    await besideBare(setting, 'one dwelling with its joins', records),
    ...(await searching(setting)),
    await creating(setting),
    await memory(setting),
  ];
}

/** Requests a second of the program and of the bare server, by turns. */
async function besideBare(setting: Setting, work: string, paths: readonly string[]): Promise<BenchResult> {
  const { ours, bare, person, print } = setting;
  await requireSameAnswers(setting, paths[0]!);
  const fire = (server: RunningServer, given: Partial<Load> = {}) =>
    load({ url: server.url, headers: person.headers, paths, connections, seconds, ...given });
  await fire(ours, { seconds: 2 });
  await fire(bare, { seconds: 2 });
  const turns = await byTurns(
    rounds,
    () => fire(ours),
    () => fire(bare),
  );
  const ratios = turns.map(({ one, other }) => one.perSecond / other.perSecond);
  print(`${work}: ratios of the rounds ${ratios.map((ratio) => figure(ratio, 2)).join(', ')}`);
  const ratio = median(ratios);
  const of = (which: 'one' | 'other', what: keyof LoadResult) => median(turns.map((turn) => turn[which][what]));
  return {
    work,
    measured:
      `${figure(ratio, 2)} of the bare query (${figure(of('one', 'perSecond'))} against ` +
      `${figure(of('other', 'perSecond'))} a second; p50 ${of('one', 'p50')} ms, p99 ${of('one', 'p99')} ms)`,
    target: 'at least 0.60',
    reached: ratio >= 0.6,
  };
}

/** @throws Error when the two do not say the same: the comparison would be worth nothing */
async function requireSameAnswers({ ours, bare, person }: Setting, address: string): Promise<void> {
  const [mine, theirs] = await Promise.all(
    [ours, bare].map(async ({ url }) => (await fetch(url + address, { headers: plainly(person) })).text()),
  );
  const sorted = (text: string) => JSON.stringify(inOrder(JSON.parse(text)));
  if (mine!.length !== theirs!.length || sorted(mine!) !== sorted(theirs!)) {
    throw new Error(`The program and the bare server answer differently: ${mine!.slice(-200)} ${theirs!.slice(-200)}`);
  }
}

/** Without compression, as the generator of requests asks. */
const plainly = ({ headers }: Person) => ({ ...headers, 'accept-encoding': 'identity' });

/** The same value with the fields of every object in the order of the alphabet. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inside]) => [name, inOrder(inside)]),
  );
}

/** Someone types, the others work: one search after another. */
async function searching({ ours, person, print }: Setting): Promise<BenchResult[]> {
  const times = new Map<string, number[]>();
  const totals = new Map<string, number>();
  for (let round = 0; round < 20; round++) {
    for (const text of searches) {
      const address = `${ours.url}/api/v1/search?q=${encodeURIComponent(text)}`;
      const { ms, value } = await timed(async () => (await fetch(address, { headers: plainly(person) })).json());
      totals.set(text, (value as { total: number }).total);
      // The first round warms the caches.
      if (round > 0) times.set(text, [...(times.get(text) ?? []), ms]);
    }
  }
  for (const [text, all] of times) {
    print(`search « ${text} »: ${figure(totals.get(text)!)} found, p50 ${figure(median(all), 1)} ms`);
  }
  const slowest = Math.max(...[...times.values()].map(median));
  const all = [...times.values()].flat();
  return [
    {
      work: 'search of three letters or more among 225,000 records, with its total',
      measured: `p50 ${figure(median(all), 1)} ms, p99 ${figure(quantile(all, 0.99), 1)} ms; the slowest text p50 ${figure(slowest, 1)} ms`,
      target: 'p50 under 40 ms',
      reached: median(all) < 40,
    },
  ];
}

/** Owners added, each in its transaction with its event and its line in the search. */
async function creating({ ours, person }: Setting): Promise<BenchResult> {
  const body = JSON.stringify({
    reference: '[<id>]',
    kind: 'person',
    name: 'Amina Benali',
    language: 'fr',
    email: 'amina@exemple.be',
    phone: '+32470000000',
  });
  const wanted = { url: ours.url, headers: person.headers, paths: ['/api/v1/owners'], body, connections };
  await load({ ...wanted, seconds: 1 });
  const result = await load({ ...wanted, seconds: 5 });
  return {
    work: 'create of an owner, with its event and its search line',
    measured: `p50 ${result.p50} ms, p99 ${result.p99} ms at ${connections} connections (${figure(result.perSecond)} a second)`,
    target: '',
    reached: true,
  };
}

async function memory({ ours }: Setting): Promise<BenchResult> {
  const text = await (await fetch(`${ours.url}/metrics`)).text();
  const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  return {
    work: 'memory of the program after all this',
    measured: `${figure(bytes / 1_000_000)} MB`,
    target: '',
    reached: true,
  };
}
