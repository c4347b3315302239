import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';
import { aDwelling, anAgreement, anApplication } from '../../app/test-fixtures.ts';
import { newId } from '../../kernel/id.ts';
import { registerNumber } from './rules/national-fields.ts';
import { applied, csv, previewed, reverted, sendFile } from './test-imports.ts';
import { aWorkbook } from './test-workbook.ts';

let app: TestApp;
let landlord: string;
let officer: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  landlord = await app.anOrganisation('landlord');
  officer = await app.aUser(landlord, ['director', 'rental-manager', 'allocation-officer']);
  stranger = await app.aUser(await app.anOrganisation('landlord'), ['director']);
});
afterAll(() => app.close());

const closures = (...rows: string[]) => ({
  kind: 'sne-closures' as const,
  name: 'radiations.csv',
  content: csv('NUR;Date de radiation;Motif de radiation;SIREN;Date du bail;Contingent;DALO;Quartile', ...rows),
});
const known = async () =>
  (
    await app.database.owner.query(
      'select unique_number, reason, contingent, dalo, quartile, closed_on::text from flow.national_closures where organisation_id = $1 order by 1',
      [landlord],
    )
  ).rows;

test.each<[string | number, unknown, string]>([
  ['093012300123GDPUB1', '093012300123GDPUB1', 'flux-fr § 6.1: letters for demands filed on the web'],
  [' 093 0123 00123 gdpub1 ', '093012300123GDPUB1', 'as people type it'],
  ['1.23E+17', { code: 'E-NATIONAL-01' }, 'brief: a spreadsheet made a number of it'],
  ['1,23012E+17', { code: 'E-NATIONAL-01' }, 'the same, in French'],
  [930_123_001_230_093_000, { code: 'E-NATIONAL-01' }, 'flux-fr § 6.1: never a number (XLSX cell)'],
  ['0930123', { code: 'E-NUR-01' }, 'flux-fr § 6.1: 18 characters'],
])('number of the register %s', (cell, expected) => {
  expect(registerNumber(cell, 'dmy')).toEqual(expected);
});

describe('closures of the national register', () => {
  const row = '093012300123GDPUB1;18/03/2026;ATTRIBUTION;732 829 320;16/03/2026;ETAT_PRIORITAIRES;oui;1';

  test('from the extraction to the undo; the same file twice doubles nothing, a newer one changes what it tells anew', async () => {
    const model = await app.as(officer).get('/imports/templates/sne-closures.csv');
    expect(model.status).toBe(200);
    const preview = await previewed(app, officer, closures(row));
    expect(preview).toMatchObject({ state: 'previewed', create: 1, wrong: 0, problem: null });
    expect(preview.counts!.records).toEqual({ 'national-closure': { create: 1, update: 0 } });
    expect(await known()).toEqual([]);

    const done = await applied(app, officer, preview);
    expect(done).toMatchObject({ state: 'applied' });
    const first = {
      unique_number: '093012300123GDPUB1',
      reason: 'attribution',
      contingent: 'state-priority',
      dalo: true,
      quartile: 1,
      closed_on: '2026-03-18',
    };
    expect(await known()).toEqual([first]);
    expect(await previewed(app, officer, closures(row))).toMatchObject({ create: 0, update: 0, unchanged: 1 });

    const newer = await applied(
      app,
      officer,
      await previewed(app, officer, closures(row.replace('ETAT_PRIORITAIRES;oui;1', 'EMPLOYEURS_1PCT;non;2'))),
    );
    expect(await known()).toEqual([{ ...first, contingent: 'employers', dalo: false, quartile: 2 }]);
    expect(await reverted(app, officer, newer.id)).toMatchObject({ state: 'reverted', reversal: { keptTotal: 0 } });
    expect(await known()).toEqual([first]);
    expect(await reverted(app, officer, done.id)).toMatchObject({ state: 'reverted', reversal: { keptTotal: 0 } });
    expect(await known()).toEqual([]);
  });

  test('the model file imports as it is', async () => {
    for (const kind of ['sne-closures', 'syplo-labels'] as const) {
      const { body } = await app.as(officer).get(`/imports/templates/${kind}.csv`);
      expect(await previewed(app, officer, { kind, content: String(body) })).toMatchObject({ create: 1, wrong: 0 });
    }
  });

  test('each wrong row says why', async () => {
    const preview = await previewed(
      app,
      officer,
      closures(
        row,
        row,
        row.replace('093012300123GDPUB1', '9,3012E+17'),
        row.replace('093012300123GDPUB1', '123'),
        row.replace('ATTRIBUTION', 'mutation'),
        row.replace('732 829 320', '732 829 321').replace('GDPUB1', 'GDPUB2'),
        row.replace('18/03/2026', '18/03/2027').replace('GDPUB1', 'GDPUB3'),
        row.replace('ETAT_PRIORITAIRES', 'préfet').replace('ATTRIBUTION', 'Non-réponse').replace('GDPUB1', 'GDPUB4'),
      ),
    );
    expect(preview).toMatchObject({ create: 2, wrong: 6 });
    expect(preview.problems.map(({ field, code }) => [field, code]).toSorted()).toEqual(
      [
        ['uniqueNumber', 'E-IMPORT-DUPLICATE'],
        ['uniqueNumber', 'E-NATIONAL-01'],
        ['uniqueNumber', 'E-NUR-01'],
        ['reason', 'E-IMPORT-CHOICE'],
        ['landlordSiren', 'E-NATIONAL-02'],
        ['closedOn', 'E-FIELD-FUTURE'],
      ].toSorted(),
    );
    const spoiled = preview.problems.find(({ code }) => code === 'E-NATIONAL-01')!;
    expect(spoiled.message).toContain('format Texte');
  });

  test('a workbook whose numbers became numbers is refused row by row', async () => {
    const text = (...cells: string[]) => cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('');
    const content = await aWorkbook([
      {
        rows: `<row>${text('NUR', 'Date de radiation', 'Motif de radiation')}</row>
          <row><c><v>930123001230093000</v></c>${text('18/03/2026', 'ATTRIBUTION')}</row>`,
      },
    ]);
    const preview = await previewed(app, officer, { kind: 'sne-closures', name: 'sne.xlsx', content });
    expect(preview.problems.map(({ code }) => code)).toEqual(['E-NATIONAL-01']);
  });

  test('another organisation sees nothing of it', async () => {
    const { id } = await applied(app, officer, await previewed(app, officer, closures(row)));
    expect((await app.as(stranger).get(`/imports/${id}`)).status).toBe(404);
    expect(await previewed(app, stranger, closures(row))).toMatchObject({ create: 1, unchanged: 0 });
    expect((await sendFile(app, await app.aUser(landlord, ['reader']), closures(row))).status).toBe(403);
  });
});

test('labels: several of a household, told once each', async () => {
  const labels = (...rows: string[]) => ({
    kind: 'syplo-labels' as const,
    content: csv('Numéro unique;Type de label;Date de labellisation;Date de fin;Commission', ...rows),
  });
  const preview = await previewed(
    app,
    officer,
    labels(
      '093012300123GDPUB1;DALO;12/01/2026;12/01/2028;COMED 93',
      '093012300123GDPUB1;Sortie d’hébergement;02/02/2026;;',
      '093012300123GDPUB1;DALO;12/01/2026;;',
      '093012300123GDPUB2;DALO;12/01/2026;11/01/2026;',
    ),
  );
  expect(preview).toMatchObject({ create: 2, wrong: 2 });
  expect(preview.problems.map(({ code }) => code).toSorted()).toEqual(['E-IMPORT-BEFORE', 'E-IMPORT-DUPLICATE']);
  const done = await applied(app, officer, preview);
  const { rows } = await app.database.owner.query(
    'select label, is_dalo from flow.priority_labels where organisation_id = $1 order by labelled_on',
    [landlord],
  );
  expect(rows).toEqual([
    { label: 'DALO', is_dalo: true },
    { label: 'Sortie d’hébergement', is_dalo: false },
  ]);
  expect(await reverted(app, officer, done.id)).toMatchObject({ reversal: { removed: { 'priority-label': 2 } } });
});

describe('households named by Action Logement', () => {
  const query = (text: string, values: unknown[]) => app.database.owner.query(text, values);

  const shared = {
    ...{
      address: 'Rue des Tanneurs 1',
      municipality: 'Montreuil',
      rooms: 3,
      areaM2: '62.00',
      floor: 2,
      energyLabel: 'C',
    },
    ...{ accessible: false, funding: 'PLUS', inPriorityArea: false, constructionYear: 1974, rentCents: 65_000 },
    ...{ chargesCents: 4_500, freeOn: '2026-12-31' },
  };

  /** A dwelling proposed to a holder of a contingent, which waits for candidates until a day. */
  async function aProposal(contingent = 'action-logement', nominateBy = '2026-12-10') {
    const holder = await app.anOrganisation('holder');
    const agreementId = await anAgreement(app, landlord, holder, { contingent });
    const dwellingId = await aDwelling(app, landlord, { municipality: '93048', rooms: 3, management: 'flow' });
    const [vacancyId, orientationId, proposalId] = [newId(), newId(), newId()];
    await query(
      `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, holder_id)
       values ($1, $2, $3, '2026-11-10', '2026-12-31', 'with-holder', '2026-11-10', $4)`,
      [landlord, vacancyId, dwellingId, holder],
    );
    await query(
      `insert into allocation.orientations (organisation_id, id, vacancy_id, chosen_agreement_id, chosen_holder_id, followed, suggestion, decided_by)
       values ($1, $2, $3, $4, $5, true, '{}', 'test')`,
      [landlord, orientationId, vacancyId, agreementId, holder],
    );
    await query(
      `insert into allocation.proposals (organisation_id, id, vacancy_id, agreement_id, holder_id, orientation_id, proposed_on, nominate_by, dwelling)
       values ($1, $2, $3, $4, $5, $6, '2026-11-10', $7, $8)`,
      [landlord, proposalId, vacancyId, agreementId, holder, orientationId, nominateBy, JSON.stringify(shared)],
    );
    const { rows } = await query('select reference from portfolio.dwellings where organisation_id = $1 and id = $2', [
      landlord,
      dwellingId,
    ]);
    return { holder, proposalId, vacancyId, reference: rows[0].reference as string };
  }
  const nominations = (...rows: string[]) => ({
    kind: 'alin-nominations' as const,
    content: csv('Référence du logement;NUR;Rang;Nom;Prénom;Adultes;Enfants', ...rows),
  });
  const candidatesOf = async (vacancyId: string) =>
    (
      await query(
        `select unique_number as number, family_name as name, position, persons, source, state from allocation.candidates
         where organisation_id = $1 and vacancy_id = $2 order by position`,
        [landlord, vacancyId],
      )
    ).rows;

  test('become candidates in the order of their rank, once, and are undone as a whole', async () => {
    const { proposalId, vacancyId, reference, holder } = await aProposal();
    await anApplication(app, landlord, { uniqueNumber: '093012300999GDPUB1', adults: 2, children: 3 });
    const file = nominations(
      `${reference};093012300001GDPUB1;2;Diallo;Lina;1;0`,
      `${proposalId};093012300999GDPUB1;1;Haddad;Amina;;`,
    );
    const preview = await previewed(app, officer, file);
    expect(preview).toMatchObject({ create: 2, wrong: 0 });
    const done = await applied(app, officer, preview);
    expect(done).toMatchObject({ state: 'applied' });
    const named = { source: 'nomination', state: 'named' };
    expect(await candidatesOf(vacancyId)).toEqual([
      { number: '093012300999GDPUB1', name: 'Haddad', position: 1, persons: 5, ...named },
      { number: '093012300001GDPUB1', name: 'Diallo', position: 2, persons: 1, ...named },
    ]);
    const officerOfHolder = await app.aUser(holder, ['holder-officer']);
    expect((await app.as(officerOfHolder).get(`/proposals/${proposalId}`)).body.candidates).toHaveLength(2);
    const { events } = (await app.as(officer).get(`/timeline/vacancy/${vacancyId}`)).body;
    expect(events.map(({ kind }: { kind: string }) => kind)).toContain('exchange.import-applied');

    expect(await previewed(app, officer, file)).toMatchObject({ create: 0, unchanged: 2 });
    expect(await reverted(app, officer, done.id)).toMatchObject({
      reversal: { removed: { candidate: 2 }, keptTotal: 0 },
    });
    expect(await candidatesOf(vacancyId)).toEqual([]);
  });

  test('candidacies of a choice-based platform go to the holder that published the dwelling, and to no other (F-87)', async () => {
    const { vacancyId, reference, holder } = await aProposal();
    const candidacies = (...rows: string[]) => ({
      kind: 'choice-candidacies' as const,
      content: csv('Référence du logement;NUR;Rang;Nom;Prénom;Adultes;Enfants', ...rows),
    });
    const rows = [
      `${reference};093012300021GDPUB1;2;Diallo;Lina;1;0`,
      `${reference};093012300022GDPUB1;1;Haddad;Amina;2;1`,
    ];
    // Proposed to Action Logement: its nominations come by their own file.
    expect(await previewed(app, officer, candidacies(...rows))).toMatchObject({ create: 0, wrong: 2 });
    await query(`update flow.agreements set contingent = 'municipality' where holder_id = $1`, [holder]);
    expect(await previewed(app, officer, nominations(...rows))).toMatchObject({ create: 0, wrong: 2 });
    const preview = await previewed(app, officer, candidacies(...rows, 'D-INCONNU;093012300023GDPUB1;1;Sow;Awa;1;0'));
    expect(preview).toMatchObject({ create: 2, wrong: 1 });
    const done = await applied(app, officer, preview);
    expect((await candidatesOf(vacancyId)).map(({ name }) => name)).toEqual(['Haddad', 'Diallo']);
    expect(await previewed(app, officer, candidacies(...rows))).toMatchObject({ create: 0, unchanged: 2 });
    expect(await reverted(app, officer, done.id)).toMatchObject({ reversal: { removed: { candidate: 2 } } });
    expect(await candidatesOf(vacancyId)).toEqual([]);
  });

  test('once handed over, they stay', async () => {
    const { proposalId, vacancyId, reference, holder } = await aProposal();
    const preview = await previewed(app, officer, nominations(`${reference};093012300002GDPUB1;1;Diallo;Lina;1;0`));
    const done = await applied(app, officer, preview);
    const officerOfHolder = await app.aUser(holder, ['holder-officer']);
    await app
      .as(officerOfHolder)
      .post(`/proposals/${proposalId}/transmission`, { reason: 'Seule candidature', version: 1 });
    expect(await reverted(app, officer, done.id)).toMatchObject({
      reversal: { removed: { candidate: 0 }, keptTotal: 1, kept: [{ reason: 'changed' }] },
    });
    expect(await candidatesOf(vacancyId)).toHaveLength(1);
  });

  test('each wrong row says why', async () => {
    const open = await aProposal();
    const late = await aProposal('action-logement', '2026-11-21');
    const other = await aProposal('municipality');
    const preview = await previewed(
      app,
      officer,
      nominations(
        `${open.reference};093012300003GDPUB1;1;Diallo;Lina;1;0`,
        `${open.proposalId};093012300003GDPUB1;2;Diallo;Lina;1;0`,
        `${open.reference};093012300004GDPUB1;2;Diallo;Lina;;`,
        `${late.reference};093012300005GDPUB1;1;Diallo;Lina;1;0`,
        `${other.reference};093012300006GDPUB1;1;Diallo;Lina;1;0`,
        'inconnue;093012300007GDPUB1;1;Diallo;Lina;1;0',
      ),
    );
    expect(preview).toMatchObject({ create: 1, wrong: 5 });
    expect(preview.problems.map(({ code, count }) => [code, count]).toSorted()).toEqual([
      ['E-IMPORT-DUPLICATE', 1],
      ['E-NATIONAL-03', 2],
      ['E-NATIONAL-04', 1],
      ['E-NATIONAL-05', 1],
    ]);
    expect(preview.problems.find(({ code }) => code === 'E-NATIONAL-04')!.message).toContain('21/11/2026');
  });

  test('a proposal taken back between preview and application stops the whole', async () => {
    const { proposalId, vacancyId, reference } = await aProposal();
    const preview = await previewed(app, officer, nominations(`${reference};093012300008GDPUB1;1;Diallo;Lina;1;0`));
    await query(`update allocation.proposals set state = 'withdrawn' where organisation_id = $1 and id = $2`, [
      landlord,
      proposalId,
    ]);
    expect(await applied(app, officer, preview)).toMatchObject({ state: 'previewed' });
    expect(await candidatesOf(vacancyId)).toEqual([]);
  });

  test('a dwelling of another landlord is unknown', async () => {
    const { reference } = await aProposal();
    const preview = await previewed(app, stranger, nominations(`${reference};093012300009GDPUB1;1;Diallo;Lina;1;0`));
    expect(preview).toMatchObject({ create: 0, wrong: 1 });
  });
});
