import type pg from 'pg';

/** What the counters of an account say in a municipality and a year, and what the events give. */
export type CounterDifference = {
  landlord: string;
  year: number;
  municipality: string;
  /** Reference of the agreement, « contingent propre » of the landlord; null: its leases by objective. */
  account: string | null;
  kept: Record<string, number>;
  recounted: Record<string, number>;
};

/** Every counter that is not what the events say, recounted set-based. @param organisationId one landlord; all without it */
export async function counterDifferences(owner: pg.Pool, organisationId?: string): Promise<CounterDifference[]> {
  const { rows } = await owner.query<CounterDifference>(
    `select o.name as landlord, d.year, coalesce(m.name_fr, d.municipality_code) as municipality,
       case when d.account_id = d.organisation_id then 'contingent propre' else coalesce(a.reference, d.account_id::text) end as account,
       d.kept, d.recounted
     from flow.counter_differences($1) d
     join organisations.organisations o on o.id = d.organisation_id
     left join organisations.municipalities m on m.code = d.municipality_code
     left join flow.agreements a on a.organisation_id = d.organisation_id and a.id = d.account_id
     order by o.name, d.year, municipality, account nulls last`,
    [organisationId ?? null],
  );
  return rows;
}

/** Replaces the counters by what the events give. Events that are being written meanwhile wait, and none is lost. */
export async function recountCounters(owner: pg.Pool, organisationId?: string): Promise<void> {
  await owner.query('select flow.recount_counters($1)', [organisationId ?? null]);
}
