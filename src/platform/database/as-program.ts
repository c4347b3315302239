import { sql } from 'kysely';
import type { Actor } from '../http/actor.ts';
import type { Database, Tx } from './connection.ts';

/**
 * A transaction of the program itself for an organisation: scheduled work, jobs. The person who asked for it, when
 * there is one, is named as its author.
 */
export async function asProgram<Result>(
  database: Database,
  author: { organisationId: string; userId?: string | null; userName?: string | null },
  work: (tx: Tx, actor: Actor) => Promise<Result>,
): Promise<Result> {
  return database.app.transaction().execute(async (tx) => {
    await sql`select set_config('app.organisation_id', ${author.organisationId}, true),
      set_config('app.user_id', ${author.userId ?? 'program'}, true),
      set_config('app.user_name', ${author.userName ?? 'Palier'}, true)`.execute(tx);
    const organisation = await tx
      .selectFrom('organisations.organisations')
      .select(['name', 'kind', 'jurisdiction', 'modules', 'language'])
      .where('id', '=', author.organisationId)
      .executeTakeFirstOrThrow();
    return work(tx, {
      userId: author.userId ?? 'program',
      email: '',
      givenName: '',
      familyName: author.userName ?? 'Palier',
      language: organisation.language as Actor['language'],
      organisationId: author.organisationId,
      organisationName: organisation.name,
      organisationKind: organisation.kind,
      jurisdiction: organisation.jurisdiction,
      modules: organisation.modules,
      roles: ['program'],
      onBehalfOf: null,
      sessionId: '',
      may: () => true,
      permissions: () => [],
    });
  });
}
