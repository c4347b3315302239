import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../app/test-app.ts';
import { aDwelling } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';
import { addDays, day, type LocalDate } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { countFlow, type FlowEventKind, recountAgreement } from '../actions/flow-events.ts';

/** The counters that overseers read say what the events say, whatever happens and however many write at once. */

let app: TestApp;
let holder: string;
let state: string;
let montreuilOnly: string;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-07-01' });
  holder = await app.anOrganisation('holder');
  state = await app.anOrganisation('state');
  montreuilOnly = await app.anOrganisation('territory', { perimeter: { municipalities: ['93048'] } });
});
afterAll(() => app.close());

const owner = async <Row extends object = never>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await app.database.owner.query<Row>(text, values)).rows;

/** A transaction as the program runs one, for an organisation. */
const asOrganisation = <Result>(id: string, work: (tx: Tx) => Promise<Result>): Promise<Result> =>
  app.database.app.transaction().execute(async (tx) => {
    await sql`select set_config('app.organisation_id', ${id}, true)`.execute(tx);
    return work(tx);
  });

const places = [
  { municipalityCode: '93048', department: '93', territory: '200057875' },
  { municipalityCode: '93010', department: '93', territory: '200057875' },
  { municipalityCode: '93029', department: '93', territory: '200058097' },
  { municipalityCode: '94028', department: '94', territory: '200058006' },
] as const;

/** Agreements of each landlord here: everywhere in a département, in a commune, in an EPT. Shares in millionths. */
const agreed = [
  { contingent: 'action-logement', scale: 'department', perimeter: '93', share: 250_000 },
  { contingent: 'municipality', scale: 'municipality', perimeter: '93048', share: 200_000 },
  { contingent: 'department', scale: 'department', perimeter: '94', share: 33_333 },
  { contingent: 'intermunicipality', scale: 'territory', perimeter: '200057875', share: 123_457 },
] as const;

type Agreement = (typeof agreed)[number] & { id: string };

async function aLandlord(): Promise<{ id: string; agreements: Agreement[] }> {
  const id = await app.anOrganisation('landlord');
  await app.relate(id, holder, 'holder');
  for (const overseer of [state, montreuilOnly]) await app.relate(id, overseer, 'overseer');
  const agreements = agreed.map((one) => ({ ...one, id: newId() }));
  for (const { id: agreementId, contingent, scale, perimeter, share } of agreements)
    await owner(
      `insert into flow.agreements (organisation_id, id, reference, holder_id, contingent, scale, perimeter_code, share, starts_on)
       values ($1, $2, $3, $4, $5, $6, $7, $8::numeric / 1000000, '2024-01-01')`,
      [id, agreementId, contingent, holder, contingent, scale, perimeter, share],
    );
  return { id, agreements };
}

const factsOf = (place: number, inPriorityArea = false) => ({
  ...places[place]!,
  rooms: 3,
  funding: 'PLUS',
  inPriorityArea,
  constructionYear: 1970,
});

type Line = {
  department: string;
  contingent: string;
  freed: number;
  due: string;
  proposed: number;
  attributed: number | null;
  leased: number | null;
};

const consolidation = (overseer: string, landlord: string, year: number): Promise<Line[]> =>
  asOrganisation(
    overseer,
    async (tx) =>
      (
        await sql<Line>`select department, contingent, freed, due::text as due, proposed, attributed, leased
          from insights.flow_consolidation(${year}, '2026-07-01') where organisation_id = ${landlord}
            and (freed, due, proposed, coalesce(attributed, 0), coalesce(leased, 0)) <> (0, 0, 0, 0, 0) order by 1, 2`.execute(
          tx,
        )
      ).rows,
  );

const differences = (landlord: string) => owner('select * from flow.counter_differences($1)', [landlord]);

// What may happen -------------------------------------------------------------------------------------------------------

const on = fc.integer({ min: 0, max: 540 }).map((days) => addDays(day('2025-01-01'), days));
const which = fc.nat({ max: 999 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('freed' as const),
      on,
      place: fc.nat({ max: 3 }),
      inBase: fc.nat({ max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unfreed' as const), on, which }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('proposed', 'withdrawn', 'returned', 'expired', 'attributed', 'unattributed'),
      on,
      which,
      to: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('leased' as const),
      on,
      which,
      to: fc.nat({ max: 4 }),
      quartile: fc.constantFrom(null, 1, 2),
      priority: fc.boolean(),
      inPriorityArea: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('amended' as const),
      on,
      which,
      share: fc.integer({ min: 1, max: 500_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ended' as const), on, which }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

type Vacancy = { id: string; place: number; baseClass: string; freedOn: LocalDate[] };
type Counted = {
  kind: FlowEventKind;
  on: LocalDate;
  vacancy: Vacancy;
  agreement: Agreement | null;
  lease?: { quartile: number | null; priority: boolean; inPriorityArea: boolean };
};

/** Does the steps through the program, and keeps a list of its own of what was done. */
async function live(steps: readonly Step[]) {
  const { id: landlord, agreements } = await aLandlord();
  const dwelling = await aDwelling(app, landlord, { municipality: '93048' });
  const vacancies: Vacancy[] = [];
  const events: Counted[] = [];
  const shares = new Map(agreements.map(({ id, share }) => [id, new Map([['2024-01-01', share as number]])]));
  const ends = new Map<string, LocalDate>();
  const count = async (event: Counted) => {
    const { kind, vacancy, agreement } = event;
    await asOrganisation(landlord, (tx) =>
      countFlow(tx, landlord, {
        kind,
        on: event.on,
        vacancyId: vacancy.id,
        baseClass: vacancy.baseClass,
        agreement: agreement && { id: agreement.id, holderId: holder },
        facts: factsOf(vacancy.place, event.lease?.inPriorityArea),
      }),
    );
    events.push(event);
  };
  for (const one of steps) {
    if (one.do === 'freed') {
      const baseClass = (['in-base', 'in-base', 'in-base', 'mutation', 'urban-renewal'] as const)[one.inBase]!;
      const vacancy: Vacancy = { id: newId(), place: one.place, baseClass, freedOn: [one.on] };
      await owner(
        `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, base_class, closed_on, closed_as)
         values ($1, $2, $3, $4, $4, 'let', $4, $5, $4, 'let')`,
        [landlord, vacancy.id, dwelling, one.on, baseClass],
      );
      vacancies.push(vacancy);
      await count({ kind: 'freed', on: one.on, vacancy, agreement: null });
    } else if (one.do === 'amended' || one.do === 'ended') {
      const agreement = agreements[one.which % agreements.length]!;
      const timeline = shares.get(agreement.id)!;
      if (one.do === 'ended') ends.set(agreement.id, one.on);
      else if (timeline.has(one.on)) continue;
      else timeline.set(one.on, one.share);
      await asOrganisation(landlord, async (tx) => {
        if (one.do === 'ended')
          await sql`update flow.agreements set ends_on = ${one.on}::date where id = ${agreement.id}`.execute(tx);
        else
          await sql`insert into flow.amendments (organisation_id, id, agreement_id, holder_id, number, from_day, share, reason, state, effective_on)
            values (${landlord}, ${newId()}, ${agreement.id}, ${holder}, ${timeline.size}, ${one.on}::date, ${one.share}::numeric / 1000000, 'Bilan', 'signed', ${one.on}::date)`.execute(
            tx,
          );
        await recountAgreement(tx, landlord, agreement.id);
      });
    } else {
      const vacancy = vacancies[one.which % Math.max(1, vacancies.length)];
      if (!vacancy) continue;
      const agreement = 'to' in one ? (agreements[one.to] ?? null) : null;
      if (one.do !== 'leased') {
        await count({ kind: one.do, on: one.on, vacancy, agreement });
        continue;
      }
      const { quartile, priority, inPriorityArea } = one;
      if (events.some((event) => event.kind === 'leased' && event.vacancy === vacancy)) continue;
      await owner(
        `insert into allocation.candidates (organisation_id, id, vacancy_id, source, family_name, given_name, persons, adults, children, quartile, priority_group, state, position, named_by)
         values ($1, $2, $3, 'register', 'Benali', 'Amina', 1, 1, 0, $4, $5, 'housed', 1, 'x')`,
        [landlord, newId(), vacancy.id, quartile, priority ? 'dalo' : null],
      );
      await count({ kind: 'leased', on: one.on, vacancy, agreement, lease: { quartile, priority, inPriorityArea } });
    }
  }
  return { landlord, agreements, events, shares, ends };
}

// What it comes to, counted here in whole numbers ---------------------------------------------------------------------------

type Lived = Awaited<ReturnType<typeof live>>;

/** The share of an agreement on a day, in millionths: that of the last day it was agreed on. */
function shareOn({ shares, ends }: Lived, agreementId: string, on: LocalDate): number {
  const end = ends.get(agreementId);
  if (end !== undefined && on > end) return 0;
  const days = [...shares.get(agreementId)!].filter(([from]) => from <= on).toSorted();
  return days.at(-1)?.[1] ?? 0;
}

const holds = ({ perimeter }: Agreement, place: (typeof places)[number]): boolean =>
  [place.department, place.municipalityCode, place.territory].includes(perimeter as never);

const millionths = (count: number): string =>
  (count / 1_000_000)
    .toFixed(6)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0');

function expectedLines(lived: Lived, year: number, sees: (place: (typeof places)[number]) => boolean): Line[] {
  const inBase = lived.events.filter(
    (event) =>
      event.vacancy.baseClass === 'in-base' && event.on.startsWith(String(year)) && sees(places[event.vacancy.place]!),
  );
  const net = (events: readonly Counted[], plus: string, minus: string): number =>
    events.filter(({ kind }) => kind === plus).length - events.filter(({ kind }) => kind === minus).length;
  return ['93', '94'].flatMap((department) => {
    const here = inBase.filter(({ vacancy }) => places[vacancy.place]!.department === department);
    const lines = lived.agreements.map((agreement) => {
      let [freed, due] = [0, 0];
      for (const event of here) {
        if (event.kind !== 'freed' && event.kind !== 'unfreed') continue;
        if (!holds(agreement, places[event.vacancy.place]!)) continue;
        const sign = event.kind === 'freed' ? 1 : -1;
        // What is taken back takes back the share of the last day it was freed.
        const known =
          event.vacancy.freedOn
            .filter((freedOn) => freedOn <= event.on)
            .toSorted()
            .at(-1) ?? event.on;
        const share = shareOn(lived, agreement.id, sign > 0 ? event.on : known);
        if (share === 0) continue;
        freed += sign;
        due += sign * share;
      }
      const own = here.filter((event) => event.agreement?.id === agreement.id);
      return {
        department,
        contingent: agreement.contingent as string,
        freed,
        due,
        proposed: net(own, 'proposed', 'withdrawn'),
        attributed: net(own, 'attributed', 'unattributed'),
        leased: net(own, 'leased', 'unleased'),
      };
    });
    const freed = net(here, 'freed', 'unfreed');
    const promised = lines.reduce((sum, { due }) => sum + due, 0);
    const kept = net(
      here.filter(({ agreement }) => agreement === null),
      'proposed',
      'withdrawn',
    );
    const rows = lines
      .filter(({ freed, due, proposed, attributed, leased }) =>
        [freed, due, proposed, attributed, leased].some(Boolean),
      )
      .map((line) => ({ ...line, due: millionths(line.due) }));
    const own = { department, contingent: 'own', freed, due: millionths(freed * 1_000_000 - promised), proposed: kept };
    const all = freed === 0 && kept === 0 ? rows : [...rows, { ...own, attributed: null, leased: null }];
    return all.toSorted((a, b) => (a.contingent < b.contingent ? -1 : 1));
  });
}

type Objective = {
  place: string;
  inside: boolean;
  contingent: string;
  leases: number;
  known: number;
  first: number;
  priority: number;
};

function expectedObjectives(lived: Lived, year: number): Objective[] {
  const groups = new Map<string, Objective>();
  for (const { kind, on, vacancy, agreement, lease } of lived.events) {
    if (kind !== 'leased' || !on.startsWith(String(year))) continue;
    const { department, territory } = places[vacancy.place]!;
    const place = `${department} ${territory}`;
    const contingent = agreement?.contingent ?? 'own';
    const key = JSON.stringify([place, lease!.inPriorityArea, contingent]);
    const empty = { place, inside: lease!.inPriorityArea, contingent, leases: 0, known: 0, first: 0, priority: 0 };
    const group = groups.get(key) ?? empty;
    group.leases += 1;
    group.known += lease!.quartile === null ? 0 : 1;
    group.first += lease!.quartile === 1 ? 1 : 0;
    group.priority += lease!.priority ? 1 : 0;
    groups.set(key, group);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const objectives = async (landlord: string, year: number): Promise<Objective[]> => {
  const { rows } = await asOrganisation(state, (tx) =>
    sql<Objective>`select department || ' ' || territory as place, in_priority_area as inside, contingent, leases,
        quartile_known as known, first_quartile as first, priority
      from insights.flow_objectives(${year}, '2026-07-01') where organisation_id = ${landlord}`.execute(tx),
  );
  const keyOf = ({ place, inside, contingent }: Objective) => JSON.stringify([place, inside, contingent]);
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

describe('the counters', () => {
  test('say what random events, amendments and ends come to, year by year and in each perimeter', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
        const lived = await live(steps);
        expect(await differences(lived.landlord)).toEqual([]);
        for (const year of [2025, 2026]) {
          const everywhere = expectedLines(lived, year, () => true);
          expect(await consolidation(state, lived.landlord, year)).toEqual(everywhere);
          expect(await consolidation(montreuilOnly, lived.landlord, year)).toEqual(
            expectedLines(lived, year, ({ municipalityCode }) => municipalityCode === '93048'),
          );
          expect(await objectives(lived.landlord, year)).toEqual(expectedObjectives(lived, year));
          compared += everywhere.length;
        }
      }),
      { numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  test('lose nothing and never wait for each other in a circle: sixteen at once, and an amendment among them', async () => {
    const { id: landlord, agreements } = await aLandlord();
    const free = (place: number) => (tx: Tx) => {
      const vacancy = { vacancyId: newId(), baseClass: 'in-base', on: day('2026-03-02'), facts: factsOf(place) };
      return countFlow(tx, landlord, { ...vacancy, kind: 'freed', agreement: null });
    };
    const amend = async (tx: Tx) => {
      await sql`insert into flow.amendments (organisation_id, id, agreement_id, holder_id, number, from_day, share, reason, state, effective_on)
        values (${landlord}, ${newId()}, ${agreements[0]!.id}, ${holder}, 1, '2026-03-01', 0.3, 'Bilan', 'signed', '2026-03-01')`.execute(
        tx,
      );
      await recountAgreement(tx, landlord, agreements[0]!.id);
    };
    const works = Array.from({ length: 16 }, (_, n) => async (tx: Tx) => {
      // Two places each, in either order: rows locked one by one would be waited for in a circle.
      for (const place of n % 2 === 0 ? [0, 1] : [1, 0]) await free(place)(tx);
    });
    await Promise.all([...works.slice(0, 8), amend, ...works.slice(8)].map((work) => asOrganisation(landlord, work)));
    expect(await differences(landlord)).toEqual([]);
    const lines = await consolidation(state, landlord, 2026);
    // 32 freed × 0,3 since the amendment; 16 in Montreuil × 0,2; 32 in Est Ensemble × 0,123457.
    expect(lines.map(({ contingent, freed, due }) => [contingent, freed, due])).toEqual([
      ['action-logement', 32, '9.6'],
      ['intermunicipality', 32, '3.950624'],
      ['municipality', 16, '3.2'],
      ['own', 32, '15.249376'],
    ]);
  });

  test('a dwelling exchanged between holders is one lease, of the holder it was proposed to', async () => {
    const { id: landlord, agreements } = await aLandlord();
    const [giver, receiver] = [agreements[0]!, agreements[1]!];
    const lease = { kind: 'leased', on: day('2026-03-02'), facts: factsOf(0) } as const;
    // In the base, and of urban renewal, which is no base for anybody.
    for (const [ownerClass, receiverClass] of [
      ['in-base', 'exchanged'],
      ['urban-renewal', 'urban-renewal'],
    ] as const) {
      const vacancyId = newId();
      await asOrganisation(landlord, (tx) =>
        countFlow(
          tx,
          landlord,
          {
            ...lease,
            vacancyId,
            baseClass: ownerClass,
            agreement: { id: giver.id, holderId: holder },
            exchange: 'owner',
          },
          {
            ...lease,
            vacancyId,
            baseClass: receiverClass,
            agreement: { id: receiver.id, holderId: holder },
            exchange: 'receiver',
          },
        ),
      );
    }
    expect(await objectives(landlord, 2026)).toEqual([
      expect.objectContaining({ contingent: giver.contingent, leases: 2 }),
    ]);
    expect(await consolidation(state, landlord, 2026)).toEqual([
      expect.objectContaining({ contingent: giver.contingent, leased: 1 }),
    ]);
  });

  test('an event that is not kept is not counted', async () => {
    const { id: landlord } = await aLandlord();
    const vacancy = { vacancyId: newId(), baseClass: 'in-base', on: day('2026-03-02'), facts: factsOf(0) };
    const failing = asOrganisation(landlord, async (tx) => {
      await countFlow(tx, landlord, { ...vacancy, kind: 'freed', agreement: null });
      throw new Error('something else failed');
    });
    await expect(failing).rejects.toThrow('something else failed');
    expect(await consolidation(state, landlord, 2026)).toEqual([]);
  });

  test('a recount finds what is wrong, and mends it', async () => {
    const { id: landlord } = await aLandlord();
    await asOrganisation(landlord, async (tx) => {
      const vacancy = { vacancyId: newId(), baseClass: 'in-base', on: day('2026-03-02'), facts: factsOf(3) };
      await countFlow(tx, landlord, { ...vacancy, kind: 'freed', agreement: null });
    });
    await owner('update flow.counters set due = due + 1 where organisation_id = $1 and holder_id is not null', [
      landlord,
    ]);
    await owner(`insert into flow.lease_counters values ($1, 2026, '94', '94028', false, 'own', 2, 1, 1, 0, 0, 0)`, [
      landlord,
    ]);
    expect(await differences(landlord)).toEqual([
      expect.objectContaining({
        year: 2026,
        municipality_code: '94028',
        kept: expect.objectContaining({ freed: 1, due: 1.033333 }),
        recounted: expect.objectContaining({ freed: 1, due: 0.033333 }),
      }),
      expect.objectContaining({
        account_id: null,
        kept: expect.objectContaining({ leases: 2 }),
        recounted: expect.objectContaining({ leases: 0 }),
      }),
    ]);
    await owner('select flow.recount_counters($1)', [landlord]);
    expect(await differences(landlord)).toEqual([]);
    expect(await consolidation(state, landlord, 2026)).toContainEqual(
      expect.objectContaining({ contingent: 'department', freed: 1, due: '0.033333' }),
    );
  });
});

describe('who reads and writes the counters', () => {
  test('a landlord its own, a holder its agreements, nobody another’s; nobody writes one', async () => {
    const { id: landlord, agreements } = await aLandlord();
    await asOrganisation(landlord, (tx) => {
      const vacancy = { vacancyId: newId(), baseClass: 'in-base', on: day('2026-03-02'), facts: factsOf(0) };
      return countFlow(tx, landlord, { ...vacancy, kind: 'freed', agreement: null });
    });
    const accounts = (organisation: string) =>
      asOrganisation(organisation, async (tx) =>
        (
          await tx.selectFrom('flow.counters').select('account_id').where('organisation_id', '=', landlord).execute()
        ).map(({ account_id }) => account_id),
      );
    const theirs = [0, 1, 3].map((index) => agreements[index]!.id);
    expect((await accounts(landlord)).toSorted()).toEqual([landlord, ...theirs].toSorted());
    expect((await accounts(holder)).toSorted()).toEqual(theirs.toSorted());
    const stranger = await app.anOrganisation('landlord');
    expect(await accounts(stranger)).toEqual([]);
    // The State reads counts through the functions, never rows.
    expect(await accounts(state)).toEqual([]);

    const refused = async (organisation: string, statement: (tx: Tx) => Promise<unknown>) =>
      expect(asOrganisation(organisation, statement)).rejects.toMatchObject({ code: '42501' });
    await refused(landlord, (tx) => sql`update flow.counters set due = 0`.execute(tx));
    await refused(landlord, (tx) => sql`delete from flow.lease_counters`.execute(tx));
    await refused(landlord, (tx) => sql`select flow.recount_counters()`.execute(tx));
    await refused(landlord, (tx) => sql`select flow.counter_differences()`.execute(tx));
    await refused(stranger, (tx) => sql`select flow.count_events(${landlord}::uuid, '{}')`.execute(tx));
    await refused(stranger, (tx) => recountAgreement(tx, landlord, agreements[0]!.id));
  });
});
