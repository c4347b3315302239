import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { observe, partiesOf } from '../observed.ts';
import { readConversion, readStock } from '../queries.ts';
import { computeScenario, type ScenarioParameters } from '../rules/scenario.ts';

/**
 * Computes a conversion on what is known today and keeps it, frozen with its steps: it is never computed again.
 * @throws Problem E-RIGHTS-01 to -03 of the computation; E-RIGHTS-08 the inventory has no line there
 */
export async function tryScenario(
  tx: Tx,
  actor: Actor,
  inventoryId: string,
  choice: { name: string; department: string | null; parameters: ScenarioParameters },
  today: LocalDate,
): Promise<{ id: string }> {
  const inventory = await readConversion(tx, actor.organisationId, inventoryId);
  if (!inventory) throw notFound();
  const { parties, lines } = partiesOf(inventory, choice.department);
  if (lines.length === 0) throw refused('E-RIGHTS-08');
  const { turnover } = choice.parameters;
  const criteria = turnover.method === 'observed' ? turnover.criteria : [];
  const rows = await readStock(tx, actor.organisationId, criteria, today);
  const { years, stock, freedInBase } = observe(rows, choice.department);
  const { result, steps } = computeScenario({
    convertsOn: inventory.convertsOn,
    years,
    stock: stock.map((group) => ({ ...group, dwellings: [...group.dwellings], freed: [...group.freed] })),
    freedInBase,
    parties,
    lines,
    parameters: choice.parameters,
  });
  const id = newId();
  await tx
    .insertInto('flow.conversion_scenarios')
    .values({
      organisation_id: actor.organisationId,
      id,
      inventory_id: inventoryId,
      name: choice.name,
      department: choice.department,
      parameters: JSON.stringify(choice.parameters),
      result: JSON.stringify({ ...result, steps }),
      created_by: actor.userId,
      created_on: today,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.scenario-kept',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'inventory', id: inventoryId }],
    after: { scenario: choice.name, share: choice.parameters.share },
  });
  return { id };
}

/** Sets a scenario aside: it stays on file, and is no longer shown. */
export async function setScenarioAside(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<void> {
  const { rows } = await sql<{ inventoryId: string; name: string }>`
    update flow.conversion_scenarios set set_aside_on = ${today}
    where organisation_id = ${actor.organisationId} and id = ${id} and set_aside_on is null
    returning inventory_id as "inventoryId", name`.execute(tx);
  if (!rows[0]) throw notFound();
  await recordEvent(tx, {
    kind: 'flow.scenario-set-aside',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'inventory', id: rows[0].inventoryId }],
    after: { scenario: rows[0].name },
  });
}
