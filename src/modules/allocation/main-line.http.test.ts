import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling, anAgreement, anApplication, aTenancy } from '../../app/test-fixtures.ts';
import { day } from '../../kernel/local-date.ts';
import { verifyChain } from '../../platform/audit/journal.ts';
import { runSchedule } from '../../platform/jobs/schedules.ts';
import { passingOfTime } from './schedules.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ today: '2026-03-12' });
});
afterAll(() => app.close());

const versionOf = async (user: TestUser, vacancyId: string): Promise<number> =>
  (await app.as(user).get(`/vacancies/${vacancyId}`)).body.version;

describe('Brussels: from a notice to a lease', () => {
  let agency: string;
  let manager: TestUser;
  let chair: TestUser;
  let dwellingId: string;
  let tenancy: { id: string; householdId: string };
  let applications: { id: string; householdId: string; number: string }[];
  let vacancyId: string;
  let session: { id: string; itemId: string };

  beforeAll(async () => {
    app.setToday('2026-03-12');
    agency = await app.anOrganisation('agency');
    manager = await app.aUser(agency, ['rental-manager']);
    chair = await app.aUser(agency, ['committee-member'], { name: 'Marc Peeters' });
    dwellingId = await aDwelling(app, agency, { bedrooms: 2 });
    tenancy = await aTenancy(app, agency, dwellingId);
    // Older first in the register, written in another order; one too large, one over the ceiling, one moderate.
    applications = [];
    for (const registeredOn of ['2021-05-03', '2022-01-10', '2022-06-20', '2023-02-01', '2023-09-09']) {
      applications.push(await anApplication(app, agency, { registeredOn, language: 'nl' }));
    }
    await anApplication(app, agency, { registeredOn: '2020-01-01', bedrooms: 3 });
    await anApplication(app, agency, { registeredOn: '2020-01-02', incomeClass: 'over' });
    await anApplication(app, agency, { registeredOn: '2020-01-03', incomeClass: 'moderate' });
    await anApplication(app, agency, { registeredOn: '2020-01-04', incomeClass: 'unknown' });
  });

  test('a notice received 10 March ends on 30 June, and opens the vacancy', async () => {
    const notice = await app.as(manager).post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-10',
      reason: null,
      version: 1,
    });
    expect(notice).toMatchObject({ status: 201, body: { startsOn: '2026-04-01', endsOn: '2026-06-30' } });
    const { body } = await app.as(manager).get('/vacancies');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      stage: 'to-select',
      freeOn: '2026-06-30',
      nextDueOn: '2026-06-30',
      nextDueWhat: 'select',
      dailyCostCents: 2137,
    });
    vacancyId = body.items[0].id;
  });

  test('a second notice, or one before the lease began, is refused', async () => {
    const again = await app.as(manager).post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-11',
      reason: null,
      version: 2,
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'E-NOTICE-OPEN' } });
    const other = await aTenancy(app, agency, await aDwelling(app, agency), { startsOn: '2026-03-01' });
    const early = await app
      .as(manager)
      .post(`/tenancies/${other.id}/notice`, { givenBy: 'tenant', receivedOn: '2026-02-28', reason: null, version: 1 });
    expect(early).toMatchObject({ status: 409, body: { code: 'E-NOTICE-01' } });
  });

  test('the register ranks the suitable candidates, each with its reasons, and says who is not ranked', async () => {
    const { body } = await app
      .as(manager)
      .get(`/vacancies/${vacancyId}/ranking`, { 'idempotency-key': 'a read needs none' });
    expect(body.candidates.map((candidate: { number: string }) => candidate.number)).toEqual(
      applications.map(({ number }) => number),
    );
    expect(body.candidates[0].steps.map((step: { label: string }) => step.label)).toEqual([
      'rank.bedrooms',
      'rank.income',
      'rank.registered',
      'rank.place',
    ]);
    // A stock of two dwellings has no third: the moderate household is not ranked.
    expect(body.excluded).toEqual({ over: 1, moderate: 1, unknown: 1, tooMany: 0 });
    expect(body.quota[0].result).toEqual({ unit: 'count', value: 0 });
  });

  test('the first four are put before a committee that has its quorum', async () => {
    const selected = await app
      .as(manager)
      .post(`/vacancies/${vacancyId}/candidates`, { version: await versionOf(manager, vacancyId) });
    expect(selected.body.candidates).toBe(4);
    const planned = await app.as(manager).post('/sessions', {
      heldOn: '2026-03-12',
      heldAt: '14:00',
      members: [
        { name: 'Marc Peeters', capacity: 'board', voting: true, chair: true, userId: chair.userId },
        { name: 'Sofie Janssens', capacity: 'board', voting: true },
        { name: 'Karim Haddad', capacity: 'board', voting: true },
        { name: 'Nadia Belkacem', capacity: 'secretary', voting: false, userId: manager.userId },
      ],
    });
    session = { id: planned.body.id, itemId: '' };
    session.itemId = (await app.as(manager).post(`/sessions/${session.id}/agenda`, { vacancyId })).body.id;
    const { members } = (await app.as(manager).get(`/sessions/${session.id}`)).body;
    const mark = (count: number) =>
      app.as(manager).put(`/sessions/${session.id}/attendance`, {
        present: [members[3].id, ...members.slice(0, count).map((member: { id: string }) => member.id)],
      });
    await mark(2);
    expect(await app.as(manager).post(`/sessions/${session.id}/opening`, { version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'E-COMMITTEE-01' },
    });
    await mark(3);
    expect((await app.as(manager).post(`/sessions/${session.id}/opening`, { version: 1 })).status).toBe(200);
    expect((await app.as(manager).get(`/vacancies/${vacancyId}`)).body).toMatchObject({
      stage: 'committee',
      nextDueOn: '2026-03-12',
    });
  });

  const decisions = (candidates: { id: string }[], chosen: number) =>
    candidates.map(({ id }, index) => ({
      candidateId: id,
      kind: index === chosen ? 'granted' : 'not-granted',
      rank: index === chosen ? 1 : null,
      condition: null,
      reason: index === chosen ? null : 'Voir dérogation',
    }));

  test('choosing rank 4 demands why ranks 1 to 3 are passed over; of two who decide, one wins and the other is told', async () => {
    const item = (await app.as(manager).get(`/sessions/${session.id}`)).body.agenda[0];
    const body = { decisions: decisions(item.candidates, 3), version: item.version };
    const url = `/sessions/${session.id}/agenda/${session.itemId}/decisions`;
    const refused = await app.as(manager).post(url, body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'E-DEROGATION-01', params: { ranks: '1, 2, 3' } } });
    expect(refused.body.detail).toContain('1, 2, 3');
    const derogations = item.candidates.slice(0, 3).map(({ id }: { id: string }) => ({
      passedCandidateId: id,
      kind: 'unsuitable-dwelling',
      reason: 'Quatrième étage sans ascenseur, mobilité réduite',
    }));
    const [first, second] = await Promise.all([
      app.as(manager).post(url, { ...body, derogations }),
      app.as(manager).post(url, { ...body, derogations }),
    ]);
    const answers = [first, second].sort((a, b) => a.status - b.status);
    expect(answers[0]!.status).toBe(200);
    expect(answers[1]).toMatchObject({
      status: 409,
      body: { code: 'E-CONFLICT-02', params: { name: 'Nadia Belkacem' } },
    });
  });

  test('the minutes are made, sealed, and signed by those who sat', async () => {
    const closed = await app.as(manager).post(`/sessions/${session.id}/closing`, { language: 'fr', version: 2 });
    expect(closed.status).toBe(200);
    const pdf = await app.server.inject({
      url: `/api/v1/files/${closed.body.minutesFileId}`,
      headers: { cookie: manager.cookie, 'palier-organisation': agency },
    });
    expect(pdf.headers['content-type']).toBe('application/pdf');
    const sign = (user: TestUser, sha256: string) =>
      app.as(user).post(`/sessions/${session.id}/signatures`, { sha256 });
    expect(await sign(chair, 'f'.repeat(64))).toMatchObject({ status: 409, body: { code: 'E-MINUTES-01' } });
    expect((await sign(chair, closed.body.sha256)).body).toEqual({ state: 'closed' });
    expect((await sign(manager, closed.body.sha256)).body).toEqual({ state: 'signed' });
    const again = await app.as(manager).post(`/sessions/${session.id}/agenda`, { vacancyId });
    expect(again).toMatchObject({ status: 409, body: { code: 'E-SESSION-01' } });
  });

  let offerId: string;
  test('the household is offered the dwelling, by a letter in its language, and accepts in time', async () => {
    const vacancy = (await app.as(manager).get(`/vacancies/${vacancyId}`)).body;
    expect(vacancy).toMatchObject({ stage: 'to-offer', can: { offer: true, sign: false } });
    const fourth = vacancy.candidates[3];
    const offer = { channel: 'letter', sentOn: '2026-03-12', notifiedOn: '2026-03-12', version: vacancy.version };
    expect(
      await app.as(manager).post(`/vacancies/${vacancyId}/offers`, { ...offer, candidateId: vacancy.candidates[0].id }),
    ).toMatchObject({
      status: 409,
      body: { code: 'E-OFFER-02' },
    });
    const sent = await app.as(manager).post(`/vacancies/${vacancyId}/offers`, { ...offer, candidateId: fourth.id });
    expect(sent).toMatchObject({ status: 201, body: { answerBy: '2026-03-23' } });
    offerId = sent.body.id;
    const early = await app
      .as(manager)
      .post(`/offers/${offerId}/answer`, { answer: 'accepted', on: '2026-03-11', reason: null, version: 1 });
    expect(early).toMatchObject({ status: 409, body: { code: 'E-OFFER-06' } });
    app.setToday('2026-03-20');
    expect(
      (
        await app
          .as(manager)
          .post(`/offers/${offerId}/answer`, { answer: 'accepted', on: '2026-03-20', reason: null, version: 1 })
      ).status,
    ).toBe(200);
  });

  test('the lease is signed from a day in mid-month, its first rent prorated (vector 4.7)', async () => {
    app.setToday('2026-06-20');
    const version = await versionOf(manager, vacancyId);
    const lease = { signedOn: '2026-06-20', startsOn: '2026-07-12', years: 9, rentCents: 65_000, version };
    expect(
      await app.as(manager).post(`/vacancies/${vacancyId}/lease`, { ...lease, startsOn: '2026-06-30' }),
    ).toMatchObject({ status: 409, body: { code: 'E-LEASE-03' } });
    const signed = await app.as(manager).post(`/vacancies/${vacancyId}/lease`, lease);
    // 650.00 × 20 ÷ 31 = 419.35
    expect(signed).toMatchObject({ status: 201, body: { firstRentCents: 41_935 } });
    const record = (await app.as(manager).get(`/tenancies/${signed.body.id}`)).body;
    expect(record).toMatchObject({ state: 'to-come', depositCents: 130_000, termOn: '2035-07-11' });
    expect(record.firstRentSteps.at(-1).formula).toBe('rent × days ÷ length');
  });

  test('the register shows the exit with its cause, without names', async () => {
    const { body } = await app.as(manager).get('/register?state=housed');
    expect(body.items).toEqual([
      expect.objectContaining({
        number: applications[3]!.number,
        exitOn: '2026-06-20',
        exitCause: 'housed',
        dwelling: expect.stringMatching(/^D/),
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('Ménage');
  });

  test('time passes: the dwelling empties, then is let; the vacancy closes', async () => {
    app.setToday('2026-07-12');
    await runSchedule(app.database, passingOfTime, day('2026-07-01'));
    expect((await app.as(manager).get(`/dwellings/${dwellingId}`)).body.occupancy).toBe('void');
    await runSchedule(app.database, passingOfTime, day('2026-07-12'));
    expect((await app.as(manager).get(`/dwellings/${dwellingId}`)).body.occupancy).toBe('let');
    expect((await app.as(manager).get(`/vacancies/${vacancyId}`)).body).toMatchObject({
      stage: 'let',
      closedOn: '2026-07-12',
    });
  });

  test('everything is in the journal, which holds', async () => {
    const { rows } = await app.database.owner.query(
      'select seq, entry, entry_hash as "entryHash", hash from platform.journal where organisation_id = $1 order by seq',
      [agency],
    );
    const links = rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    expect(await verifyChain(links)).toMatchObject({ intact: true, entries: links.length });
    expect(links.length).toBeGreaterThanOrEqual(9);
    expect(JSON.stringify(links.map(({ entry }) => entry))).not.toContain('Ménage');
    links[4]!.entry = links[4]!.entry.replace('a', 'b');
    expect(await verifyChain(links)).toMatchObject({ intact: false, firstBroken: 5 });
  });
});

describe('Île-de-France: orientation, nomination, CALEOL, ranks', () => {
  let landlord: string;
  let officer: TestUser;
  let holder: string;
  let holderOfficer: TestUser;
  let rival: TestUser;
  let agreementId: string;
  let vacancyId: string;
  let proposalId: string;
  const nur = (n: number) => `093012612345${String(n).padStart(2, '0')}GDPU`.slice(0, 18);

  beforeAll(async () => {
    app.setToday('2026-03-12');
    landlord = await app.anOrganisation('landlord', { name: 'Habitat Rive Haute' });
    officer = await app.aUser(landlord, ['allocation-officer'], { name: 'Claire Morel' });
    holder = await app.anOrganisation('holder', { name: 'Action Logement 93' });
    holderOfficer = await app.aUser(holder, ['holder-officer'], { name: 'Thomas Leroux' });
    const town = await app.anOrganisation('municipality', { name: 'Ville de Montreuil' });
    rival = await app.aUser(town, ['holder-officer']);
    agreementId = await anAgreement(app, landlord, holder, { share: '0.6', reference: 'ALS-93' });
    await anAgreement(app, landlord, town, {
      contingent: 'municipality',
      scale: 'municipality',
      perimeter: '93048',
      share: '0.2',
    });
    const dwellingId = await aDwelling(app, landlord, {
      municipality: '93048',
      rooms: 3,
      funding: 'PLUS',
      management: 'flow',
    });
    const tenancy = await aTenancy(app, landlord, dwellingId);
    const manager = await app.aUser(landlord, ['rental-manager']);
    await app.as(manager).post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-10',
      reason: null,
      version: 1,
    });
    vacancyId = (await app.as(officer).get('/vacancies')).body.items[0].id;
  });

  test('a vacancy opens at the notice; the suggestion comes with its reasons and the effect of each choice', async () => {
    expect((await app.as(officer).get(`/vacancies/${vacancyId}`)).body).toMatchObject({
      stage: 'to-orient',
      freeOn: '2026-04-09',
    });
    const { body } = await app.as(officer).get(`/vacancies/${vacancyId}/orientation`);
    expect(body.suggested).toBe(agreementId);
    expect(
      body.alternatives.map((party: { name: string; due: string; gapAfter: string }) => [
        party.name,
        party.due,
        party.gapAfter,
      ]),
    ).toEqual([
      ['Action Logement 93', '0.60', '0.40'],
      ['Ville de Montreuil', '0.20', '0.80'],
      ['own', '0.20', '0.80'],
    ]);
    expect(body.steps.at(-1)).toMatchObject({ label: 'orientation.because' });
  });

  test('not following takes a reason; following proposes the dwelling at once, for one month', async () => {
    const version = await versionOf(officer, vacancyId);
    const override = await app
      .as(officer)
      .post(`/vacancies/${vacancyId}/orientation`, { agreementId: 'own', reason: null, version });
    expect(override).toMatchObject({ status: 400, body: { code: 'E-ORIENTATION-04' } });
    const followed = await app
      .as(officer)
      .post(`/vacancies/${vacancyId}/orientation`, { agreementId, reason: null, version });
    expect(followed).toMatchObject({ status: 201, body: { nominateBy: '2026-04-12' } });
    proposalId = followed.body.proposalId;
    const late = await app
      .as(officer)
      .post(`/vacancies/${vacancyId}/orientation`, { agreementId, reason: null, version });
    expect(late).toMatchObject({ status: 409, body: { code: 'E-CONFLICT-02', params: { name: 'Claire Morel' } } });
    const { rows } = await app.database.owner.query(
      `select due_on, kind from platform.reminders where subject_id = $1 order by due_on`,
      [proposalId],
    );
    expect(rows).toEqual([
      { due_on: '2026-03-12', kind: 'proposals.received' },
      { due_on: '2026-04-02', kind: 'proposals.deadline-near' },
      { due_on: '2026-04-09', kind: 'proposals.deadline-near' },
    ]);
  });

  test('the holder sees its own proposal and nothing else of the landlord; another holder sees nothing', async () => {
    const own = await app.as(holderOfficer).get('/proposals');
    expect(own.body.items).toEqual([
      expect.objectContaining({ id: proposalId, landlord: 'Habitat Rive Haute', progress: 'to-name' }),
    ]);
    expect((await app.as(rival).get('/proposals')).body.items).toEqual([]);
    expect(await app.as(rival).get(`/proposals/${proposalId}`)).toMatchObject({
      status: 404,
      body: { code: 'E-NOT-FOUND-01', title: 'Introuvable' },
    });
    expect(await app.as(holderOfficer).get(`/vacancies/${vacancyId}`)).toMatchObject({ status: 403 });
    const { items } = (await app.as(holderOfficer).get('/agreements')).body;
    expect(items).toEqual([
      expect.objectContaining({
        reference: 'ALS-93',
        figures: expect.objectContaining({ freed: 1, due: '0.60', proposed: 1, leased: 0 }),
      }),
    ]);
  });

  const person = (n: number) => ({
    uniqueNumber: nur(n),
    familyName: `Candidat${n}`,
    givenName: 'Lina',
    adults: 2,
    children: 1,
    incomeCents: 2_500_000,
    incomeYear: 2024,
    priorityGroup: null,
    quartile: 2,
    registeredOn: '2024-05-01',
  });

  test('names three candidates before the deadline; a number that fails its check, or twice the same, is refused', async () => {
    const url = `/proposals/${proposalId}/candidates`;
    expect(await app.as(holderOfficer).post(url, { ...person(1), uniqueNumber: '123' })).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'uniqueNumber', code: 'E-NUR-01' }] },
    });
    expect((await app.as(holderOfficer).post(url, person(1))).status).toBe(201);
    expect(await app.as(holderOfficer).post(url, person(1))).toMatchObject({
      status: 409,
      body: { code: 'E-CANDIDATE-TWICE' },
    });
    expect(await app.as(rival).post(url, person(2))).toMatchObject({ status: 404 });
    const early = await app
      .as(holderOfficer)
      .post(`/proposals/${proposalId}/transmission`, { reason: null, version: 1 });
    expect(early).toMatchObject({ status: 400, body: { code: 'E-PROPOSAL-04' } });
    for (const n of [2, 3, 4]) await app.as(holderOfficer).post(url, person(n));
    const { candidates } = (await app.as(holderOfficer).get(`/proposals/${proposalId}`)).body;
    await app.as(holderOfficer).delete(`/proposals/${proposalId}/candidates/${candidates[3].id}`);
    const sent = await app
      .as(holderOfficer)
      .post(`/proposals/${proposalId}/transmission`, { reason: null, version: 1 });
    expect(sent.status).toBe(201 - 1);
    expect((await app.as(officer).get(`/vacancies/${vacancyId}`)).body).toMatchObject({
      stage: 'committee',
      nextDueWhat: 'schedule',
    });
  });

  test('a nomination after the deadline is refused', async () => {
    const dwellingId = await aDwelling(app, landlord, { municipality: '93048', rooms: 2, management: 'flow' });
    const tenancy = await aTenancy(app, landlord, dwellingId);
    const director = await app.aUser(landlord, ['director']);
    await app.as(director).post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-11',
      reason: null,
      version: 1,
    });
    const second = (await app.as(director).get('/vacancies?stage=to-orient')).body.items[0].id;
    const oriented = await app.as(director).post(`/vacancies/${second}/orientation`, {
      agreementId,
      reason: 'Besoin exprimé',
      version: await versionOf(director, second),
    });
    app.setToday('2026-04-13');
    expect(
      await app.as(holderOfficer).post(`/proposals/${oriented.body.proposalId}/candidates`, person(8)),
    ).toMatchObject({
      status: 409,
      body: { code: 'E-PROPOSAL-03', params: { deadline: '2026-04-12' } },
    });
    await runSchedule(app.database, passingOfTime, day('2026-04-13'));
    expect((await app.as(director).get(`/vacancies/${second}`)).body).toMatchObject({
      stage: 'to-orient',
      nextDueWhat: 'orient-again',
    });
    expect((await app.as(holderOfficer).get(`/proposals/${oriented.body.proposalId}`)).body.state).toBe('expired');
  });

  let sessionId: string;
  test('the CALEOL decides with three demands; fewer need an exception', async () => {
    const planned = await app.as(officer).post('/sessions', {
      heldOn: '2026-04-13',
      quorum: 2,
      members: [
        { name: 'Hélène Caron', capacity: 'landlord', voting: true, chair: true, userId: officer.userId },
        { name: 'Paul Girard', capacity: 'landlord', voting: true },
      ],
    });
    sessionId = planned.body.id;
    const item = await app.as(officer).post(`/sessions/${sessionId}/agenda`, { vacancyId });
    expect(item.status).toBe(201);
    const record = (await app.as(officer).get(`/sessions/${sessionId}`)).body;
    await app
      .as(officer)
      .put(`/sessions/${sessionId}/attendance`, { present: record.members.map((member: { id: string }) => member.id) });
    await app.as(officer).post(`/sessions/${sessionId}/opening`, { version: 1 });
    const [a, b, c] = record.agenda[0].candidates;
    expect(a.applicationId).not.toBeNull();
    const body = {
      decisions: [
        { candidateId: a.id, kind: 'granted', rank: 1, condition: null, reason: null },
        { candidateId: b.id, kind: 'ranked', rank: 2, condition: null, reason: null },
        {
          candidateId: c.id,
          kind: 'inadmissible',
          rank: null,
          condition: null,
          reason: 'Ressources au-dessus du plafond',
        },
      ],
      version: record.agenda[0].version,
    };
    const decided = await app.as(officer).post(`/sessions/${sessionId}/agenda/${item.body.id}/decisions`, body);
    expect(decided.status).toBe(200);
    expect((await app.as(holderOfficer).get('/agreements')).body.items[0].figures).toMatchObject({
      attributed: 1,
      leased: 0,
    });
  });

  test('silence after ten days is a refusal; the next rank is offered; the lease moves the counters at once', async () => {
    let vacancy = (await app.as(officer).get(`/vacancies/${vacancyId}`)).body;
    const [first, second] = vacancy.candidates;
    const offer = { channel: 'registered-letter', sentOn: '2026-04-13', notifiedOn: '2026-04-14' };
    const short = await app.as(officer).post(`/vacancies/${vacancyId}/offers`, {
      ...offer,
      candidateId: first.id,
      responseDays: 9,
      version: vacancy.version,
    });
    expect(short).toMatchObject({ status: 409, body: { code: 'E-OFFER-01' } });
    const sent = await app
      .as(officer)
      .post(`/vacancies/${vacancyId}/offers`, { ...offer, candidateId: first.id, version: vacancy.version });
    expect(sent.body.answerBy).toBe('2026-04-24');
    await runSchedule(app.database, passingOfTime, day('2026-04-24'));
    expect((await app.as(officer).get(`/vacancies/${vacancyId}`)).body.stage).toBe('offer');
    app.setToday('2026-04-25');
    await runSchedule(app.database, passingOfTime, day('2026-04-25'));
    vacancy = (await app.as(officer).get(`/vacancies/${vacancyId}`)).body;
    expect(vacancy).toMatchObject({ stage: 'to-offer', offers: [{ state: 'silent', answeredOn: '2026-04-25' }] });
    const next = await app.as(officer).post(`/vacancies/${vacancyId}/offers`, {
      channel: 'email',
      sentOn: '2026-04-25',
      notifiedOn: '2026-04-25',
      candidateId: second.id,
      version: vacancy.version,
    });
    await app
      .as(officer)
      .post(`/offers/${next.body.id}/answer`, { answer: 'accepted', on: '2026-04-25', reason: null, version: 1 });
    const signed = await app.as(officer).post(`/vacancies/${vacancyId}/lease`, {
      signedOn: '2026-04-25',
      startsOn: '2026-05-12',
      years: 3,
      version: await versionOf(officer, vacancyId),
    });
    expect(signed.status).toBe(201);
    const { agreement, steps } = (await app.as(holderOfficer).get(`/agreements/${agreementId}/standing`)).body;
    expect(agreement.figures).toMatchObject({ freed: 2, due: '1.20', proposed: 2, attributed: 1, leased: 1 });
    expect(steps).toContainEqual(
      expect.objectContaining({ formula: 'proposed − due', result: { unit: 'number', value: '0.80' } }),
    );
    expect((await app.as(holderOfficer).get(`/proposals/${proposalId}`)).body).toMatchObject({
      state: 'housed',
      progress: 'housed',
    });
  });
});

test('the counters that overseers read say what all of this comes to', async () => {
  const { rows } = await app.database.owner.query(
    `select (select count(*)::int from flow.counter_differences()) as differences,
       (select sum(freed)::int from flow.counters where account_id = organisation_id) as freed,
       (select sum(leases)::int from flow.lease_counters) as leases`,
  );
  expect(rows[0]).toMatchObject({ differences: 0 });
  expect(rows[0].freed).toBeGreaterThan(1);
  expect(rows[0].leases).toBeGreaterThan(0);
});
