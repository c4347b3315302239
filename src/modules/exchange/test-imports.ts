import { modules } from '../../app/modules.ts';
import type { TestApp, TestUser } from '../../app/test-app.ts';
import { jobRunner } from '../../platform/jobs/jobs.ts';
import type { ImportRecord } from './contract.ts';

/** How tests send files and let the queued work run, as the worker would. */

/** Runs the jobs that wait, in the order they were asked for or all at once. @returns how each ended */
export async function runJobs(app: TestApp, { atOnce = false } = {}): Promise<string[]> {
  const run = jobRunner(
    app.database,
    modules.flatMap((module) => module.jobs ?? []) as never,
    app.services.uploadFolder,
  );
  const { rows } = await app.database.owner.query<{ organisationId: string; jobId: string }>(
    `select organisation_id as "organisationId", id as "jobId" from platform.jobs where state = 'queued' order by id`,
  );
  const ended = (job: (typeof rows)[number]) => run(job).catch(() => undefined);
  if (atOnce) await Promise.all(rows.map(ended));
  else for (const job of rows) await ended(job);
  const { rows: states } = await app.database.owner.query<{ state: string }>(
    'select state from platform.jobs where id = any($1) order by id',
    [rows.map(({ jobId }) => jobId)],
  );
  return states.map(({ state }) => state);
}

// biome-ignore lint/suspicious/noExplicitAny: answers and refusals alike
export type SentFile = { status: number; body: any };

export async function sendFile(
  app: TestApp,
  user: TestUser | undefined,
  file: { kind?: ImportRecord['kind']; name?: string; content: string | Buffer; type?: string },
): Promise<SentFile> {
  const answer = await app.server.inject({
    method: 'POST',
    url: `/api/v1/imports?kind=${file.kind ?? 'dwellings'}&name=${encodeURIComponent(file.name ?? 'fichier.csv')}`,
    payload: file.content,
    headers: {
      'content-type': file.type ?? 'text/csv',
      'accept-language': 'fr',
      ...(user ? { cookie: user.cookie, 'palier-organisation': user.organisationId } : {}),
    },
  });
  return { status: answer.statusCode, body: answer.json() };
}

/** Sends a file, accepts the mapping proposed, and lets the preview run. */
export async function previewed(
  app: TestApp,
  user: TestUser,
  file: Parameters<typeof sendFile>[2],
  change: { dateOrder?: string; mapping?: Record<string, number | null> } = {},
): Promise<ImportRecord> {
  const { body } = await sendFile(app, user, file);
  await app.as(user).put(`/imports/${body.id}/mapping`, {
    mapping: { ...body.mapping, ...change.mapping },
    dateOrder: change.dateOrder ?? 'dmy',
  });
  await runJobs(app);
  return (await app.as(user).get(`/imports/${body.id}`)).body;
}

/** Applies a previewed import. */
export async function applied(
  app: TestApp,
  user: TestUser,
  preview: Pick<ImportRecord, 'id' | 'version'>,
): Promise<ImportRecord> {
  await app.as(user).post(`/imports/${preview.id}/application`, { version: preview.version });
  await runJobs(app);
  return (await app.as(user).get(`/imports/${preview.id}`)).body;
}

/** Undoes an applied import. */
export async function reverted(app: TestApp, user: TestUser, importId: string): Promise<ImportRecord> {
  const { body } = await app.as(user).get(`/imports/${importId}`);
  await app.as(user).post(`/imports/${importId}/reversal`, { version: body.version });
  await runJobs(app);
  return (await app.as(user).get(`/imports/${importId}`)).body;
}

/** Lines of a CSV file. */
export const csv = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
