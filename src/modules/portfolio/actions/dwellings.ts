import type { BodyOf } from '../../../kernel/endpoint.ts';
import { conflict, notFound } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Occupancy, updateDwelling as updateDwellingEndpoint } from '../contract.ts';

/** Changes what is known of a dwelling. @throws Problem E-CONFLICT-01 when someone changed it meanwhile */
export async function updateDwelling(
  tx: Tx,
  actor: Actor,
  dwellingId: string,
  change: BodyOf<typeof updateDwellingEndpoint>,
): Promise<{ version: number }> {
  const before = await tx
    .selectFrom('portfolio.dwellings')
    .select([
      'kind',
      'box',
      'floor',
      'bedrooms',
      'rooms',
      'area_m2',
      'rent_cents',
      'charges_cents',
      'energy_label',
      'programme',
      'funding',
      'management',
      'accessible',
      'version',
    ])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', dwellingId)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw notFound();
  if (before.version !== change.version) throw conflict('E-CONFLICT-01', { version: before.version });
  const after = {
    kind: change.kind,
    box: change.box,
    floor: change.floor,
    bedrooms: change.bedrooms,
    rooms: change.rooms,
    area_m2: change.areaM2,
    rent_cents: change.rentCents,
    charges_cents: change.chargesCents,
    energy_label: change.energyLabel,
    programme: change.programme,
    funding: change.funding,
    management: change.management,
    accessible: change.accessible,
  };
  await tx
    .updateTable('portfolio.dwellings')
    .set({ ...after, version: change.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', dwellingId)
    .execute();
  await recordEvent(tx, {
    kind: 'portfolio.dwelling-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'dwelling', id: dwellingId }],
    before: { ...before, version: undefined },
    after,
  });
  return { version: change.version + 1 };
}

/** Notes whether a dwelling is let, under notice, empty or reserved. Called by the modules that make it so. */
export async function markOccupancy(
  tx: Tx,
  organisationId: string,
  dwellingId: string,
  occupancy: Occupancy,
): Promise<void> {
  await tx
    .updateTable('portfolio.dwellings')
    .set({ occupancy })
    .where('organisation_id', '=', organisationId)
    .where('id', '=', dwellingId)
    .execute();
}
