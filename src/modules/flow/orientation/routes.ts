import { type CompiledQuery, sql } from 'kysely';
import { endOfYear, type LocalDate, of, yearOf } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { Api } from '../../../platform/http/api.ts';
import { type ObjectiveName, objectiveNames, objectiveOf } from '../steering/rules/objectives.ts';
import { addListedResidence, commitInTerritory, takeResidenceOff } from './actions/commitments.ts';
import * as contract from './contract.ts';
import { residenceList } from './lists.ts';
import { type CountedLeases, countedFor } from './stakes-for.ts';

export function orientationRoutes(api: Api): void {
  api.read(
    contract.getCommitments,
    ({ organisationId, query, today }) => [
      commitmentsOf(organisationId, query.year ?? yearOf(today), today),
      placesOf(organisationId),
    ],
    ([counted, places], { actor, query, today }) => ({
      year: query.year ?? yearOf(today),
      today,
      places,
      objectives: counted.flatMap((row) => objectiveNames.map((objective) => progressOf(row, objective))),
      can: { commit: actor.may('flow.manage-steering') },
    }),
  );
  api.act(contract.commit, ({ tx, actor, body, today }) => commitInTerritory(tx, actor, body, today));
  api.list(contract.listResidences, residenceList);
  api.act(contract.addResidence, ({ tx, actor, body, today }) => addListedResidence(tx, actor, body, today));
  api.act(contract.takeResidenceOff, async ({ tx, actor, params, body, today }) => {
    await takeResidenceOff(tx, actor, params.id, body, today);
    return {};
  });
}

type PlaceRow = {
  place: string;
  name: string;
  'first-quartile': CountedLeases;
  'social-mix': CountedLeases;
  priority: CountedLeases;
  committed: Partial<Record<ObjectiveName, { share: string; source: string; on: string; by: string }>>;
};

function progressOf(row: PlaceRow, objective: ObjectiveName) {
  const { leases, known, met } = row[objective];
  const committed = row.committed[objective] ?? null;
  const { result, steps } = objectiveOf({ objective, leases, known, met, committed: committed?.share ?? null });
  return {
    place: row.place,
    name: row.name,
    objective,
    committed,
    leases,
    known,
    met,
    ...result,
    steps: steps as never,
  };
}

const nameOf = sql`coalesce((select min(m.territory_name) from organisations.municipalities m where m.territory = places.place), places.place)`;

/** The leases of a year where something was let or committed to, place by place, with the last commitment said. */
const commitmentsOf = (landlordId: string, year: number, today: LocalDate): CompiledQuery<PlaceRow> =>
  sql<PlaceRow>`
    with said as (
      select distinct on (c.place, c.objective) c.place, c.objective, trim_scale(c.share)::text as share, c.source, c.set_on,
        coalesce(u.given_name || ' ' || u.family_name, c.set_by) as by
      from flow.territory_commitments c left join organisations.users u on u.id = c.set_by
      where c.organisation_id = ${landlordId} and c.year = ${year}
      order by c.place, c.objective, c.set_at desc),
    leases as materialized (
      select l.* from insights.objective_leases l
      where l.organisation_id = ${landlordId} and l.signed_on between ${of(year, 1, 1)}::date
        and least(${endOfYear(of(year, 1, 1))}::date, ${today}::date)),
    places as (select place from said union select place from leases where place is not null)
    select places.place, ${nameOf} as name, l."first-quartile", l."social-mix", l.priority,
      (select coalesce(json_object_agg(s.objective, json_build_object('share', s.share, 'source', s.source, 'on', s.set_on, 'by', s.by)), '{}')
        from said s where s.place = places.place and s.share is not null) as committed
    from places
    cross join lateral (select ${countedFor('first-quartile')} as "first-quartile", ${countedFor('social-mix')} as "social-mix",
      ${countedFor('priority')} as priority from leases l where l.place = places.place) l
    order by 2, 1`.compile(statements);

/** Territories and départements of the municipalities a landlord has residences in. */
const placesOf = (landlordId: string): CompiledQuery<{ code: string; name: string }> =>
  sql<{ code: string; name: string }>`
    select coalesce(m.territory, m.department) as code, coalesce(min(m.territory_name), min(m.department)) as name
    from organisations.municipalities m
    where m.country = 'FR' and m.code in (select b.municipality_code from portfolio.building_cards b where b.organisation_id = ${landlordId})
    group by 1 order by 2`.compile(statements);
