import { sql } from 'kysely';
import { asProgram } from '../../platform/database/as-program.ts';
import type { Schedule } from '../../platform/jobs/schedules.ts';
import { abandonImport } from './actions/end-import.ts';
import { orphansAmong } from './queries.ts';
import { removeUpload, uploadsBefore } from './reading/uploads.ts';

/** Days an import may wait to be applied, and days its wrong rows may wait to be corrected. */
const waiting = { imports: 30, wrongRows: 90 };

const dayMs = 86_400_000;

/**
 * Each night: files that a crash left are removed, imports that nobody applied in a month are abandoned with their file, and
 * the wrong rows of old imports, which hold personal data, are forgotten.
 */
export const clearImports: Schedule = {
  name: 'exchange.clear-imports',
  cron: '35 3 * * *',
  every: '26 hours',
  async run({ database, organisationIds, uploadFolder }) {
    for (const organisationId of organisationIds) {
      const stored = await asProgram(database, { organisationId }, async (tx, actor) => {
        const { rows } = await sql<{ id: string }>`select id from platform.batches
          where organisation_id = ${organisationId} and kind = 'import' and state in ('preparing', 'previewed', 'failed')
            and created_at < now() - make_interval(days => ${waiting.imports})`.execute(tx);
        await sql`delete from exchange.wrong_rows w using platform.batches b
          where w.organisation_id = ${organisationId} and b.organisation_id = w.organisation_id and b.id = w.batch_id
            and b.created_at < now() - make_interval(days => ${waiting.wrongRows})`.execute(tx);
        const names: (string | null)[] = [];
        for (const { id } of rows) names.push(await abandonImport(tx, actor, id));
        return names;
      });
      if (uploadFolder) for (const name of stored) if (name) removeUpload(uploadFolder, name);
    }
    if (!uploadFolder) return;
    const old = uploadsBefore(uploadFolder, Date.now() - dayMs);
    for (const name of await orphansAmong(database, old)) removeUpload(uploadFolder, name);
  },
};
