import { sql } from 'kysely';
import { inForce } from '../../../../kernel/dated.ts';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { conflict, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { stateCap, stateStaffCap } from '../../../../regulation/scales/reservation-caps.ts';
import { settingOn } from '../../../organisations/index.ts';
import type { addProgramme as addEndpoint, changeProgramme as changeEndpoint, Programme } from '../contract.ts';
import { keptForRehousing, meetingIsDue } from '../rules/coordination.ts';
import { shareProgramme } from '../rules/programme-sharing.ts';

type Share = { id: string; holderId: string; name: string; contingent: string; share: string };

/**
 * Records a new programme. Its first lettings are shared as the agreements of the place say on the day of delivery (L-71,
 * F-79); the meeting may decide otherwise.
 * @throws Problem E-RIGHTS-09 no such municipality; E-RIGHTS-10 no such residence; E-RIGHTS-11 more is set aside than there
 *   is; E-RIGHTS-01 the agreements add up to more than the whole
 */
export async function addProgramme(
  tx: Tx,
  actor: Actor,
  programme: BodyOf<typeof addEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const { rows } = await sql<{ known: boolean; buildingId: string | null; shares: Share[] }>`
    select exists (select 1 from organisations.municipalities m where m.code = ${programme.municipalityCode} and m.country = 'FR') as known,
      (select b.id from portfolio.building_cards b
        where b.organisation_id = ${actor.organisationId} and b.reference = ${programme.buildingReference}) as "buildingId",
      (select coalesce(json_agg(json_build_object('id', d.agreement_id, 'holderId', d.holder_id, 'name', h.name,
          'contingent', d.contingent, 'share', trim(trailing '.' from trim(trailing '0' from d.share::text)))
          order by d.contingent, h.name), '[]')
        from flow.dated_shares d
        join organisations.organisations h on h.id = d.holder_id
        where d.organisation_id = ${actor.organisationId}
          and exists (select from organisations.municipalities m where m.code = ${programme.municipalityCode}
            and flow.in_perimeter(d.perimeter_code, m.department, m.code, m.territory))
          and d.from_day <= ${programme.deliveredOn}::date and (d.until_day is null or d.until_day >= ${programme.deliveredOn}::date)) as shares`.execute(
    tx,
  );
  const { known, buildingId, shares } = rows[0]!;
  if (!known) throw invalid('E-RIGHTS-09', {}, [{ path: 'municipalityCode', code: 'E-RIGHTS-09' }]);
  if (programme.buildingReference && !buildingId)
    throw invalid('E-RIGHTS-10', {}, [{ path: 'buildingReference', code: 'E-RIGHTS-10' }]);
  const percent = await settingOn(tx, actor, 'flow.new-programme-off-flow-percent', today);
  const setAside = programme.setAside ?? keptForRehousing(dwellingsOf(programme.sizes), percent);
  requireEnough(programme.sizes, setAside);
  const id = newId();
  await tx
    .insertInto('flow.programmes')
    .values({
      organisation_id: actor.organisationId,
      id,
      name: programme.name,
      municipality_code: programme.municipalityCode,
      building_id: buildingId,
      delivered_on: programme.deliveredOn,
      meeting_on: programme.meetingOn,
      sizes: JSON.stringify(programme.sizes),
      set_aside: setAside,
      shares: JSON.stringify(shares),
      sharing: JSON.stringify(share({ ...programme, setAside }, shares, programme.deliveredOn)),
      holder_ids: shares.map(({ holderId }) => holderId),
      created_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.programme-recorded',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'programme', id }],
    after: { name: programme.name, dwellings: dwellingsOf(programme.sizes) },
  });
  return { id };
}

/**
 * Changes what the meeting decides: shares, date, part set aside. The sharing is computed anew.
 * @throws Problem E-CONFLICT-01; E-RIGHTS-12 it is agreed; E-RIGHTS-11; E-RIGHTS-01; E-RIGHTS-14 nothing is left to the State
 */
export async function changeProgramme(
  tx: Tx,
  actor: Actor,
  id: string,
  change: BodyOf<typeof changeEndpoint>,
): Promise<{ version: number }> {
  const programme = await holdProgramme(tx, actor, id, change.version);
  if (programme.state === 'agreed') throw refused('E-RIGHTS-12');
  requireEnough(programme.sizes, change.setAside);
  const shares = programme.shares.map((party) => ({ ...party, share: change.shares[party.id] ?? party.share }));
  const sharing = share({ ...programme, setAside: change.setAside }, shares, programme.deliveredOn);
  requireState(shares, programme.sharing, sharing);
  await sql`update flow.programmes set shares = ${JSON.stringify(shares)}, sharing = ${JSON.stringify(sharing)},
      set_aside = ${change.setAside}, meeting_on = ${change.meetingOn}, version = version + 1
    where organisation_id = ${actor.organisationId} and id = ${id}`.execute(tx);
  await recordEvent(tx, {
    kind: 'flow.programme-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'programme', id }],
    before: { shares: programme.shares, setAside: programme.setAside },
    after: { name: programme.name, shares, setAside: change.setAside },
  });
  return { version: change.version + 1 };
}

/**
 * Proposes a sharing to its parties, who then read it, or records that the meeting agreed: it is final.
 * @throws Problem E-CONFLICT-01; E-RIGHTS-05 this step is not possible from where it stands; E-RIGHTS-15 it takes a
 *   coordination meeting; E-RIGHTS-16 the meeting was not held yet
 */
export async function moveProgramme(
  tx: Tx,
  actor: Actor,
  id: string,
  { to, version }: { to: Programme['state']; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const programme = await holdProgramme(tx, actor, id, version);
  const steps: Record<Programme['state'], readonly string[]> = {
    draft: ['proposed'],
    proposed: ['draft', 'agreed'],
    agreed: [],
  };
  if (!steps[programme.state].includes(to)) throw refused('E-RIGHTS-05');
  if (to === 'agreed') {
    const { meetingOn } = programme;
    const dwellings = dwellingsOf(programme.sizes);
    const least = await settingOn(tx, actor, 'flow.coordination-min-dwellings', today);
    if (meetingIsDue({ dwellings, meetingOn }, least)) throw refused('E-RIGHTS-15', { dwellings, least });
    if (meetingOn && meetingOn > today) throw refused('E-RIGHTS-16', { meetingOn });
  }
  await sql`update flow.programmes set state = ${to}, version = version + 1, agreed_on = ${to === 'agreed' ? today : null}
    where organisation_id = ${actor.organisationId} and id = ${id}`.execute(tx);
  await recordEvent(tx, {
    kind: `flow.programme-${to}`,
    organisationId: actor.organisationId,
    subjects: [{ kind: 'programme', id }],
    after: { name: programme.name },
    ...(to === 'agreed' ? { journal: { programme: id, sharing: programme.sharing } } : {}),
  });
  return { version: version + 1 };
}

type Held = {
  name: string;
  state: Programme['state'];
  sizes: Programme['sizes'];
  setAside: number;
  shares: Share[];
  sharing: ReturnType<typeof share>;
  deliveredOn: LocalDate;
  meetingOn: LocalDate | null;
  version: number;
};

async function holdProgramme(tx: Tx, actor: Actor, id: string, version: number): Promise<Held> {
  const { rows } = await sql<Held>`
    select name, state, sizes, set_aside as "setAside", shares, sharing, delivered_on as "deliveredOn",
      meeting_on as "meetingOn", version
    from flow.programmes where organisation_id = ${actor.organisationId} and id = ${id} for update`.execute(tx);
  if (!rows[0]) throw notFound();
  if (rows[0].version !== version) throw conflict('E-CONFLICT-01', { version: rows[0].version });
  return rows[0];
}

export const dwellingsOf = (sizes: Programme['sizes']): number =>
  sizes.reduce((sum, { dwellings }) => sum + dwellings, 0);

function requireEnough(sizes: Programme['sizes'], setAside: number): void {
  const dwellings = dwellingsOf(sizes);
  if (dwellings === 0 || setAside > dwellings)
    throw invalid('E-RIGHTS-11', { dwellings }, [
      { path: 'setAside', code: 'E-FIELD-MAX', params: { maximum: dwellings } },
    ]);
}

/** The State keeps a part of a new programme (F-79): the meeting may change it, not take it away. */
function requireState(shares: readonly Share[], before: Held['sharing'], after: Held['sharing']): void {
  const state = idsOf(shares, (contingent) => contingent.startsWith('state-'));
  const partOf = ({ rows }: Held['sharing']) =>
    rows.filter(({ id }) => state.includes(id)).reduce((sum, { total }) => sum + total, 0);
  if (partOf(before) > 0 && partOf(after) === 0) throw refused('E-RIGHTS-14');
}

const share = (programme: Pick<Held, 'sizes' | 'setAside'>, shares: readonly Share[], on: LocalDate) =>
  shareProgramme({
    sizes: programme.sizes,
    setAside: programme.setAside,
    parties: shares.map(({ id, share: part }) => ({ id, share: exact(part) })),
    caps: [
      {
        ids: idsOf(shares, (contingent) => contingent.startsWith('state-')),
        share: exact(inForce(stateCap, on).value),
      },
      {
        ids: idsOf(shares, (contingent) => contingent === 'state-staff'),
        share: exact(inForce(stateStaffCap, on).value),
      },
    ],
  });

const idsOf = (shares: readonly Share[], among: (contingent: string) => boolean): string[] =>
  shares.filter(({ contingent }) => among(contingent)).map(({ id }) => id);
