import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { Inventory } from '../contract.ts';
import { synthesisOf } from '../queries.ts';

/**
 * Opens the inventory of rights for a day of conversion.
 * @throws Problem E-RIGHTS-04 another is open, or there is one for that day already
 */
export async function openInventory(
  tx: Tx,
  actor: Actor,
  { convertsOn, note }: { convertsOn: LocalDate; note: string | null },
): Promise<{ id: string }> {
  const id = newId();
  const { rows } = await sql`
    insert into flow.inventories (organisation_id, id, converts_on, note, created_by)
    values (${actor.organisationId}, ${id}, ${convertsOn}, ${note}, ${actor.userId})
    on conflict do nothing returning id`.execute(tx);
  if (rows.length === 0) throw conflict('E-RIGHTS-04');
  await recordEvent(tx, {
    kind: 'flow.inventory-opened',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'inventory', id }],
    after: { convertsOn },
  });
  return { id };
}

/**
 * Moves an inventory: shared (its holders read their lines and the synthesis, frozen now), reopened with a reason, agreed.
 * @throws Problem E-CONFLICT-01 someone was faster; E-RIGHTS-05 this step is not possible from where it stands;
 *   E-RIGHTS-06 an empty inventory is not shared; E-RIGHTS-07 another is open
 */
export async function moveInventory(
  tx: Tx,
  actor: Actor,
  id: string,
  { to, reason, version }: { to: Inventory['state']; reason: string | null; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const { rows } = await sql<{ state: Inventory['state']; version: number; lines: number; others: boolean }>`
    select i.state, i.version, (select count(*)::int from flow.inventory_lines l
        where l.organisation_id = i.organisation_id and l.inventory_id = i.id) as lines,
      exists (select 1 from flow.inventories o where o.organisation_id = i.organisation_id and o.id <> i.id and o.state = 'draft') as others
    from flow.inventories i where i.organisation_id = ${actor.organisationId} and i.id = ${id} for update of i`.execute(
    tx,
  );
  const inventory = rows[0];
  if (!inventory) throw notFound();
  if (inventory.version !== version) throw conflict('E-CONFLICT-01', { version: inventory.version });
  const from = inventory.state;
  const isStep = (from === 'draft' && to === 'shared') || (from === 'shared' && to !== 'shared');
  if (!isStep) throw refused('E-RIGHTS-05');
  if (to === 'shared' && inventory.lines === 0) throw refused('E-RIGHTS-06');
  if (to === 'draft' && inventory.others) throw refused('E-RIGHTS-07');
  if (to === 'draft' && !reason) throw invalid('E-FIELDS-01', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
  await sql`update flow.inventories i set state = ${to}, version = version + 1
      ${to === 'shared' ? sql`, shared_on = ${today}, synthesis = ${synthesisOf}::jsonb` : sql``}
      ${to === 'agreed' ? sql`, agreed_on = ${today}` : sql``}
    where i.organisation_id = ${actor.organisationId} and i.id = ${id}`.execute(tx);
  await recordEvent(tx, {
    kind: `flow.inventory-${to === 'draft' ? 'reopened' : to}`,
    organisationId: actor.organisationId,
    subjects: [{ kind: 'inventory', id }],
    reason,
    before: { state: from },
    after: { state: to, lines: inventory.lines },
    journal: { inventory: id, state: to, lines: inventory.lines, reason },
  });
  return { version: version + 1 };
}
