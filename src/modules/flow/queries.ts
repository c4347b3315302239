import { sql } from 'kysely';

/** What counts as one, and what takes one back. */
export const net = (plus: string, minus: string, extra = sql``) =>
  sql`(count(*) filter (where e.kind = ${sql.lit(plus)} ${extra}) - count(*) filter (where e.kind = ${sql.lit(minus)} ${extra}))::int`;

/** Whether an event, or the dwelling oriented now (aliases in `facts`), meets an indicative target `t`. */
export const meetsTarget = (facts: string) => {
  const column = (name: string) => sql.ref(`${facts}.${name}`);
  return sql<boolean>`flow.meets_target(t.criterion, t.value, ${column('rooms')}, ${column('funding')},
    ${column('in_priority_area')}, ${column('construction_year')}, null, ${column('municipality_code')}, ${column('territory')})`;
};

/** The facts of a dwelling that flows are counted by. */
export type FlowFacts = {
  department: string;
  municipalityCode: string;
  territory: string | null;
  rooms: number | null;
  funding: string | null;
  inPriorityArea: boolean;
  constructionYear: number | null;
};
