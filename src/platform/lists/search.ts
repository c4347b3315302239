import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { statements } from '../database/statements.ts';

export type SearchDocument = {
  kind: string;
  id: string;
  title: string;
  subtitle?: string;
  /** Everything one may type to find it: names, numbers, addresses, telephones. */
  keywords: (string | null | undefined)[];
};

/** Makes a record findable, in the transaction that changes it. */
export async function indexForSearch(tx: Tx, organisationId: string, documents: SearchDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const rows = documents.map(({ keywords, ...rest }) => ({
    subtitle: '',
    ...rest,
    keywords: keywords.filter(Boolean).join(' '),
  }));
  await sql`insert into platform.search_documents (organisation_id, kind, id, title, subtitle, keywords)
    select ${organisationId}::uuid, d.kind, d.id, d.title, d.subtitle, platform.fold(d.keywords)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(kind text, id uuid, title text, subtitle text, keywords text)
    on conflict (organisation_id, kind, id) do update
      set title = excluded.title, subtitle = excluded.subtitle, keywords = excluded.keywords`.execute(tx);
}

export type SearchHit = { kind: string; id: string; title: string; subtitle: string; total: number };

/** The best hits among the kinds the actor may see, each with the total of all hits; beyond 10,000 it is 10,001. */
export const searchStatement = (text: string, kinds: string[], limit: number) =>
  sql<SearchHit>`select kind, id, title, subtitle, total from platform.search(${text}, ${kinds}, ${limit})`.compile(
    statements,
  );
