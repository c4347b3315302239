import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app/test-app.ts';
import { applied, csv, previewed, reverted, sendFile } from './test-imports.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
});
afterAll(() => app.close());
test('try', async () => {
  const agency = await app.anOrganisation('agency');
  const manager = await app.aUser(agency, ['rental-manager']);
  const t = await app.server.inject({
    method: 'GET',
    url: '/api/v1/imports/templates/dwellings.csv',
    headers: { cookie: manager.cookie, 'palier-organisation': agency },
  });
  console.log(t.statusCode, t.headers['content-disposition'], t.body);
  const sent = await sendFile(app, manager, { content: t.body });
  console.log(sent.status, JSON.stringify(sent.body.mapping), sent.body.encoding, sent.body.separator);
  let p = await previewed(app, manager, { content: t.body });
  console.log(
    JSON.stringify({ ...p, fields: undefined, mapping: undefined, header: undefined, sample: undefined }, null, 1),
  );
  p = await applied(app, manager, p);
  console.log(
    JSON.stringify({ ...p, fields: undefined, mapping: undefined, header: undefined, sample: undefined }, null, 1),
  );
  const again = await previewed(app, manager, { content: t.body });
  console.log(JSON.stringify(again.counts), again.problem, again.job);
  const r = await reverted(app, manager, p.id);
  console.log(JSON.stringify(r.reversal), r.problem, r.job, r.state);
  const a = await app.server.inject({
    method: 'GET',
    url: '/api/v1/imports/templates/applicants.csv',
    headers: { cookie: manager.cookie, 'palier-organisation': agency },
  });
  let q = await previewed(app, manager, { kind: 'applicants', content: a.body });
  console.log(JSON.stringify(q.counts), JSON.stringify(q.problems), q.problem, q.job, JSON.stringify(q.mapping));
  q = await applied(app, manager, q);
  console.log(q.state, q.problem, q.job);
  const q2 = await previewed(app, manager, {
    kind: 'applicants',
    content: a.body.replace('Haddad', 'Hadad').replace('21 500,00', '45 000'),
  });
  console.log(JSON.stringify(q2.counts), JSON.stringify(q2.problems), q2.problem, q2.job);
  const q3 = await applied(app, manager, q2);
  console.log(q3.state, q3.problem, q3.job);
  console.log(
    (await reverted(app, manager, q3.id)).reversal,
    JSON.stringify((await reverted(app, manager, q.id)).reversal),
  );
  const e = await app.server.inject({
    method: 'GET',
    url: '/api/v1/extractions/exchange.imports?format=csv&order=desc',
    headers: { cookie: manager.cookie, 'palier-organisation': agency },
  });
  console.log(e.statusCode, e.headers, e.body);
});
