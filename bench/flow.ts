import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { newId } from '../src/kernel/id.ts';
import { addDays, day, type LocalDate } from '../src/kernel/local-date.ts';
import { type JournalEvent, JournalWriter } from '../src/modules/flow/points/journal-lines.ts';
import { recount } from '../src/modules/flow/points/recount.ts';
import { type BenchResult, figure, median, type Print } from './bench.ts';
import { benchRegion } from './flow-region.ts';

/**
 * A journal of the flow recounted from its lines: chain of hashes, vacancies, dues, counters and points of each
 * agreement. The lines are made as they are read, as a file is; making them is timed apart and taken off. Memory is what
 * lives after a collection, looked at some twenty times along the way in a pass of its own.
 */

const rounds = 3;
const vacancies = 10_000;

export async function benchFlow(print: Print): Promise<BenchResult[]> {
  const growth: { times: number; vacancies: number; ms: number; heap: number }[] = [];
  for (const times of [1, 4, 16]) {
    const count = (vacancies / 4) * times;
    const measured = await recountsOf(count);
    growth.push({ times, vacancies: count, ...measured });
    print(`${figure(count)} vacancies: ${figure(measured.ms)} ms, ${figure(measured.heap / 1e6, 1)} MB alive at once`);
  }
  const [one, four, sixteen] = growth as [(typeof growth)[0], (typeof growth)[0], (typeof growth)[0]];
  const ratio = sixteen.ms / (16 * one.ms);
  return [
    {
      work: `a journal of ${figure(vacancies)} vacancies recounted`,
      measured: `median ${figure(four.ms)} ms of processor, its hashes checked`,
      target: 'under 2,000 ms',
      reached: four.ms < 2_000,
    },
    {
      work: `the same at 1 ×, 4 × and 16 × ${figure(one.vacancies)} vacancies`,
      measured: `${figure(one.ms)}, ${figure(four.ms)}, ${figure(sixteen.ms)} ms: ${figure(ratio, 2)} of linear`,
      target: 'at most 1.3',
      reached: ratio <= 1.3,
    },
    {
      work: 'memory: what lives at once while the largest is recounted',
      measured: `${figure(sixteen.heap / 1e6, 1)} MB, against ${figure(one.heap / 1e6, 1)} MB for the smallest`,
      target: 'at most 8 MB',
      reached: sixteen.heap <= 8e6,
    },
    ...(await benchRegion(print)),
  ];
}

async function recountsOf(count: number): Promise<{ ms: number; heap: number }> {
  const took: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const making = await worked(async () => {
      for await (const _ of journal(count));
    });
    const whole = await worked(async () => {
      const result = await recount(journal(count));
      if (result.vacancies !== count) throw new Error(`${result.vacancies} vacancies`);
    });
    // The first round warms up.
    if (round > 0) took.push(Math.max(0, whole - making));
  }
  return { ms: median(took), heap: await liveHeap(count) };
}

/** Time of the processor, in milliseconds: what else the machine does does not count. */
async function worked(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The most that lives at once, beside what lived before. */
async function liveHeap(count: number): Promise<number> {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const live = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = live();
  let highest = 0;
  let portions = 0;
  const every = Math.max(1, Math.floor(count / 1_000));
  await recount(
    (async function* () {
      for await (const text of journal(count)) {
        if (portions++ % every === 0) highest = Math.max(highest, live() - before);
        yield text;
      }
    })(),
  );
  return highest;
}

/** Sixteen holders over a year: each vacancy freed, proposed, decided on, half of them leased. Some 64 kB at a time. */
async function* journal(count: number): AsyncGenerator<string> {
  const landlordId = newId();
  const holders = Array.from({ length: 16 }, (_, index) => ({ id: newId(), share: `0.0${1 + (index % 5)}` }));
  const writer = new JournalWriter();
  let text = writer.line({
    palier: 'flow-journal',
    version: 1,
    year: 2026,
    on: '2026-12-31',
    perimeter: { id: landlordId, name: 'Rive Haute' },
    agreements: holders.map(({ id, share }, index) => ({
      id,
      landlord: 'Rive Haute',
      holder: `Réservataire ${index}`,
      landlordId,
      reference: `CR-${index}`,
      perimeterCode: index % 2 === 0 ? '93' : '93048',
      startsOn: day('2024-01-01'),
      shares: [{ from: '2024-01-01', until: null, share }],
      phases: [],
      adopted: [],
      closed: [],
    })),
  });
  for (let n = 0; n < count; n++) {
    const vacancy = `0197fd6a-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const freedOn = addDays(day('2026-01-01'), n % 300);
    const holder = holders[n % holders.length]!.id;
    const event = (kind: JournalEvent['kind'], on: LocalDate, agreement: string | null) =>
      writer.line({
        landlord: landlordId,
        vacancy,
        on,
        kind,
        agreement,
        department: '93',
        municipality: n % 3 === 0 ? '93048' : '93010',
        territory: '200057875',
        reason: null,
        exchange: null,
        late: false,
      });
    text += event('freed', freedOn, null) + event('proposed', addDays(freedOn, 2), holder);
    text += event('attributed', addDays(freedOn, 30), holder);
    if (n % 2 === 0) text += event('leased', addDays(freedOn, 45), holder);
    if (text.length > 65_536) {
      yield text;
      text = '';
      await setImmediate();
    }
  }
  yield text + writer.line({ end: true, events: writer.events, figures: [] });
}
