import { type CompiledQuery, sql } from 'kysely';
import type pg from 'pg';
import { rankedCandidates } from '../src/modules/applicants/queries.ts';
import { rankRegister } from '../src/modules/applicants/ranking.ts';
import { admissibleClasses, suitability } from '../src/modules/applicants/rules/suitability.ts';
import type { Database } from '../src/platform/database/connection.ts';
import { statements } from '../src/platform/database/statements.ts';
import { type BenchResult, figure, median, type Print, timed } from './bench.ts';
import { anOrganisation, aPerson, openBenchDatabase, type Person, startProduct } from './stack.ts';
import { fillStock } from './stock.ts';

const applications = 780_000;
const candidates = 50;
const times = 60;
/** Two bedrooms: some 140,000 of the applications are of this size. */
const dwelling = { kind: 'apartment', bedrooms: 2 };

/** The first candidates for a dwelling in a register as long as the whole of Île-de-France has applicants. */
export async function benchRanking(print: Print): Promise<BenchResult[]> {
  const bench = await openBenchDatabase('ranking');
  try {
    const { database } = bench;
    const organisation = await anOrganisation(database, 'agency');
    const filled = await timed(() => fillStock(database.owner, organisation, { dwellings: 2_000, applications }));
    print(`register of ${figure(applications)} applications written in ${figure(filled.ms / 1_000, 1)} s`);
    const person = await aPerson(database, organisation, ['director', 'allocation-officer']);
    const ours = await startProduct(bench);
    try {
      return [
        await readsTheIndexAlone(database, organisation),
        await besideTheScan(database, organisation),
        await throughTheProduct(database, organisation),
        await overHttp(ours.url, person, await aVacancy(database, organisation)),
      ];
    } finally {
      await ours.stop();
    }
  } finally {
    await bench.close();
  }
}

const suits = suitability(dwelling as { kind: 'apartment'; bedrooms: number }).result;

const ranked = (organisation: string) =>
  rankedCandidates(organisation, { ...suits, classes: admissibleClasses({ reached: false }) }, candidates);

/** What any ranking by date costs: fifty entries of an index in its order, no rights, no rule, no names. */
const bareScan = (organisation: string): CompiledQuery =>
  sql`select registered_on, id, number, household_id, persons, income_class from applicants.applications
    where organisation_id = ${organisation} and state = 'active' and bedrooms_needed = ${suits.bedroomsNeeded}
    order by registered_on, id limit ${candidates}`.compile(statements);

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] };

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

async function readsTheIndexAlone(database: Database, organisation: string): Promise<BenchResult> {
  const query = ranked(organisation);
  const plan = await asProgram(database, organisation, async (client) => {
    const { rows } = await client.query(`explain (format json) ${query.sql}`, [...query.parameters]);
    return rows[0]['QUERY PLAN'][0].Plan as Plan;
  });
  const nodes = nodesOf(plan)
    .filter((node) => node['Relation Name'] === 'applications')
    .map((node) => node['Node Type']);
  return {
    work: 'plan of the ranking: how it reads the register',
    measured: nodes.join(', '),
    target: 'Index Only Scan',
    reached: nodes.length > 0 && nodes.every((node) => node === 'Index Only Scan'),
  };
}

/** The ranking's statement under row-level security, with the names of the households, beside the bare scan. */
async function besideTheScan(database: Database, organisation: string): Promise<BenchResult> {
  const query = ranked(organisation);
  const bare = bareScan(organisation);
  const ours: number[] = [];
  const theirs: number[] = [];
  await asProgram(database, organisation, async (client) => {
    for (let round = 0; round < times + 10; round++) {
      const one = await timed(() => client.query(named('ranked', query)));
      const other = await timed(() => client.query(named('bare', bare)));
      if (one.value.rowCount !== candidates || other.value.rowCount !== candidates) throw new Error('Fifty rows each');
      // The first rounds warm the caches and let the server choose its plans.
      if (round < 10) continue;
      ours.push(one.ms);
      theirs.push(other.ms);
    }
  });
  const ratio = median(ours.map((ms, round) => ms / theirs[round]!));
  return {
    work: `first ${candidates} of ${figure(applications)} ranked, with their names`,
    measured: `${figure(ratio, 2)} × the bare ordered scan (${figure(median(ours), 2)} ms against ${figure(median(theirs), 2)} ms)`,
    target: 'at most 3',
    reached: ratio <= 3,
  };
}

/** `rankRegister` itself: the candidates with the reasons of their rank, and the counts of those left out. */
async function throughTheProduct(database: Database, organisation: string): Promise<BenchResult> {
  const all: number[] = [];
  for (let round = 0; round < times + 10; round++) {
    const { ms } = await timed(() =>
      database.app.transaction().execute(async (tx) => {
        await sql`select set_config('app.organisation_id', ${organisation}, true)`.execute(tx);
        return rankRegister(tx, organisation, dwelling, { stock: 100, moderate: 10 }, candidates);
      }),
    );
    if (round >= 10) all.push(ms);
  }
  return {
    work: 'the same by the function of the program, with reasons and counts of those left out',
    measured: `median ${figure(median(all), 1)} ms`,
    target: 'under 50 ms',
    reached: median(all) < 50,
  };
}

async function overHttp(url: string, { headers }: Person, vacancyId: string): Promise<BenchResult> {
  const all: number[] = [];
  for (let round = 0; round < times + 10; round++) {
    const { ms, value } = await timed(async () => {
      const answer = await fetch(`${url}/api/v1/vacancies/${vacancyId}/ranking?limit=${candidates}`, { headers });
      return (await answer.json()) as { candidates?: unknown[] };
    });
    if (value.candidates?.length !== candidates) throw new Error(`Not a ranking: ${JSON.stringify(value)}`);
    if (round >= 10) all.push(ms);
  }
  return {
    work: 'the same over HTTP, for a vacancy',
    measured: `median ${figure(median(all), 1)} ms`,
    target: 'under 50 ms',
    reached: median(all) < 50,
  };
}

/** A vacancy of a dwelling of the measured size. */
async function aVacancy(database: Database, organisation: string): Promise<string> {
  const { rows } = await database.owner.query<{ id: string }>(
    `select v.id from allocation.vacancies v
     join portfolio.dwellings d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
     where v.organisation_id = $1 and d.bedrooms = $2 and d.kind = $3 limit 1`,
    [organisation, dwelling.bedrooms, dwelling.kind],
  );
  return rows[0]!.id;
}

const named = (name: string, { sql: text, parameters }: CompiledQuery) => ({ name, text, values: [...parameters] });

/** On a connection of the program's role, for an organisation: row-level security is in force. */
async function asProgram<Value>(
  database: Database,
  organisation: string,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await database.streams.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.organisation_id', $1, true)`, [organisation]);
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
