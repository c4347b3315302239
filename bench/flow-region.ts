import fs from 'node:fs';
import os from 'node:os';
import { sql } from 'kysely';
import type pg from 'pg';
import { newId } from '../src/kernel/id.ts';
import { day } from '../src/kernel/local-date.ts';
import { countFlow, type FlowEvent } from '../src/modules/flow/actions/flow-events.ts';
import { asProgram } from '../src/platform/database/as-program.ts';
import { type BenchResult, byTurns, figure, median, type Print, quantile, timed } from './bench.ts';
import { aRegion, type Region, regionDay, regionSize } from './region.ts';
import { aPerson, type BenchDatabase, openBenchDatabase, startProduct } from './stack.ts';

/**
 * The counters of a whole region: recounted from the events at 1×, 4× and 16× the vacancies, read by the State over HTTP,
 * and what one event more costs.
 */
export async function benchRegion(print: Print): Promise<BenchResult[]> {
  const bench = await openBenchDatabase('region');
  const { owner } = bench.database;
  try {
    const stock = await timed(() => aRegion(bench.database, bench.ownerUrl));
    print(
      `${figure(regionSize.dwellings)} dwellings of ${regionSize.landlords} landlords in ${figure(stock.ms / 1_000)} s`,
    );
    const region = stock.value;
    const recounts: Recounted[] = [];
    let vacancies = 0;
    for (const parts of [1, 4, 16]) {
      const began = performance.now();
      vacancies += await region.add(parts === 1 ? 0 : parts / 4, parts);
      await owner.query('vacuum (analyze)');
      print(`${figure(vacancies)} vacancies written in ${figure((performance.now() - began) / 1_000)} s`);
      const { ms, processor } = await recounted(owner);
      await owner.query('vacuum (analyze) flow.counters, flow.lease_counters');
      const consolidation = median(await readings(bench, region, 9));
      recounts.push({ vacancies, ms, processor, consolidation });
      print(
        `recounted in ${figure(ms / 1_000, 1)} s, ${figure(processor / 1_000, 1)} of processor; figures of a year in ${figure(consolidation)} ms (load ${figure(os.loadavg()[0]!, 1)})`,
      );
    }
    const { rows } = await owner.query('select count(*)::int as events from flow.events');
    const [one, four, sixteen] = recounts as [Recounted, Recounted, Recounted];
    const growth = sixteen.processor / (16 * one.processor);
    await region.close();
    const pages = [
      ...(await pagesOf(bench, 'the State of that region', region.state)),
      ...(await pagesOf(bench, 'the State in one of its départements', region.prefecture)),
    ];
    const event = await costOfAnEvent(bench, region.landlords[0]!);
    return [
      {
        work: `a region recounted from ${figure(rows[0].events)} events: ${figure(regionSize.dwellings)} dwellings, ${figure(vacancies)} vacancies`,
        measured: `${figure(sixteen.ms / 1_000, 1)} s, of which ${figure(sixteen.processor / 1_000, 1)} of processor`,
        target: 'under 60 s',
        reached: sixteen.ms < 60_000,
      },
      {
        work: `the same at 1 ×, 4 × and 16 × ${figure(one.vacancies)} vacancies`,
        measured: `${[one, four, sixteen].map(({ processor }) => figure(processor / 1_000, 1)).join(', ')} s of processor: ${figure(growth, 2)} of linear`,
        target: 'at most 1.3',
        reached: growth <= 1.3,
      },
      {
        work: 'the figures of a year for the State at 1 ×, 4 × and 16 ×',
        measured: `${[one, four, sixteen].map(({ consolidation }) => figure(consolidation)).join(', ')} ms in the database`,
        target: '',
        reached: true,
      },
      ...pages.map(({ work, target, p50, p99 }) => ({
        work,
        measured: `median ${figure(p50)} ms, p99 ${figure(p99)} ms`,
        target: target ? `p99 under ${target} ms` : '',
        reached: target === null || p99 < target,
      })),
      {
        work: 'one dwelling freed, its counters included, against the same event that moves none',
        measured: `${figure(event.counted, 2)} ms against ${figure(event.bare, 2)} ms: ${figure(event.ratio, 1)} times`,
        target: 'at most 10 ms more',
        reached: event.counted - event.bare <= 10,
      },
    ];
  } finally {
    await bench.close();
  }
}

type Recounted = { vacancies: number; ms: number; processor: number; consolidation: number };

/** Time in all, and of the processor: what else the machine does does not count in the second. Where it is not told, the first. */
async function recounted(owner: pg.Pool): Promise<{ ms: number; processor: number }> {
  const client = await owner.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const before = processorOf(rows[0]!.pid);
    const { ms } = await timed(() => client.query('select flow.recount_counters()'));
    const after = processorOf(rows[0]!.pid);
    return { ms, processor: before === undefined || after === undefined ? ms : after - before };
  } finally {
    client.release();
  }
}

/** Milliseconds of processor a process of this machine has had; Linux alone tells. */
function processorOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return undefined;
  const [user, system] = fs.readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ').slice(11, 13).map(Number);
  // Ticks of a hundredth of a second.
  return (user! + system!) * 10;
}

/** Times of the State's two readings of a year, as the program asks for them. */
async function readings(bench: BenchDatabase, { state }: Region, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < times; round++) {
    const { ms } = await timed(() =>
      asProgram(bench.database, { organisationId: state }, async (tx) => {
        await sql`select * from insights.flow_consolidation(2025, '2025-12-31')`.execute(tx);
        await sql`select * from insights.flow_objectives(2025, '2025-12-31')`.execute(tx);
      }),
    );
    took.push(ms);
  }
  return took;
}

type PageTimes = { work: string; target: number | null; p50: number; p99: number };

/** What an observer waits for, one request after the other, the program running as installed. */
async function pagesOf(bench: BenchDatabase, viewer: string, organisationId: string): Promise<PageTimes[]> {
  const person = await aPerson(bench.database, organisationId, ['observer']);
  const server = await startProduct(bench, { PALIER_TODAY: regionDay });
  try {
    const pages: PageTimes[] = [];
    for (const { path, target, requests } of asked) {
      const took: number[] = [];
      for (let request = -5; request < requests; request++) {
        const { ms, value } = await timed(async () => {
          const answer = await fetch(`${server.url}/api/v1${path}`, { headers: person.headers });
          return { status: answer.status, text: await answer.text() };
        });
        if (value.status !== 200) throw new Error(`${path}: ${value.status} ${value.text.slice(0, 300)}`);
        // The first ones warm up.
        if (request >= 0) took.push(ms);
      }
      pages.push({ work: `GET ${path} for ${viewer}`, target, p50: median(took), p99: quantile(took, 0.99) });
    }
    return pages;
  } finally {
    await server.stop();
  }
}

/** The sector counts the stock, the leases and the vacancies themselves: a figure, not a target. */
const asked = [
  { path: '/flow/consolidation?year=2025', target: 300, requests: 100 },
  { path: '/flow/consolidation', target: 300, requests: 100 },
  { path: '/sector', target: null, requests: 20 },
];

/** A dwelling freed moves the counters of every agreement that holds its commune; one returned moves none. */
async function costOfAnEvent(bench: BenchDatabase, landlord: string) {
  const { rows } = await bench.database.owner.query(
    `select department, municipality_code as "municipalityCode", territory from flow.events where organisation_id = $1 limit 1`,
    [landlord],
  );
  const facts = { ...rows[0], rooms: 3, funding: 'PLUS', inPriorityArea: false, constructionYear: 1974 };
  const times = async (kind: FlowEvent['kind']) => {
    const took: number[] = [];
    for (let n = 0; n < 40; n++) {
      const event = { on: day('2026-06-01'), vacancyId: newId(), baseClass: 'in-base', agreement: null, facts };
      const { ms } = await timed(() =>
        asProgram(bench.database, { organisationId: landlord }, (tx) => countFlow(tx, landlord, { ...event, kind })),
      );
      took.push(ms);
    }
    return median(took);
  };
  const rounds = await byTurns(
    7,
    () => times('freed'),
    () => times('returned'),
  );
  return {
    counted: median(rounds.map(({ one }) => one)),
    bare: median(rounds.map(({ other }) => other)),
    ratio: median(rounds.map(({ one, other }) => one / other)),
  };
}
