import { describeStep } from '../../../../kernel/describe.ts';
import { formatDay, formatNumber, formatRate } from '../../../../kernel/format.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { translate } from '../../../../platform/messages.ts';
import { makeDocument } from '../../../knowledge/index.ts';
import { readConversion } from '../queries.ts';

/**
 * Makes the note of a conversion: the scenarios kept, each with its choices, what every holder gets, and how it was
 * computed. As it stands now; the scenarios themselves never change.
 * @throws Problem E-RIGHTS-13 there is no scenario to print
 */
export async function makeConversionNote(
  tx: Tx,
  actor: Actor,
  inventoryId: string,
  { language }: { language: 'fr' | 'nl' },
): Promise<{ id: string; fileId: string }> {
  const inventory = await readConversion(tx, actor.organisationId, inventoryId);
  if (!inventory) throw notFound();
  if (inventory.scenarios.length === 0) throw refused('E-RIGHTS-13');
  const t = translate(language);
  const written = (value: string, places: number) => formatNumber(Number(value).toFixed(places), language);
  const part = (value: string) => formatRate(Number(value).toFixed(4), language);
  const stepsOf = (steps: readonly Step[]) =>
    steps.map((step) => {
      const { label, formula, result } = describeStep(step, language, t);
      return {
        label,
        formula: formula ?? '',
        result: result ?? '',
        unverified: step.source?.confidence === 'unverified',
      };
    });
  const convertsOn = formatDay(inventory.convertsOn, language);
  const document = await makeDocument(tx, actor, {
    template: 'conversion-note',
    language,
    title: t('rights.note-title', { on: convertsOn }),
    subject: { kind: 'inventory', id: inventoryId },
    facts: {
      convertsOn,
      state: t(`values.inventory-state.${inventory.state}`),
      scenarios: inventory.scenarios.map(({ name, department, parameters, result, createdOn, createdBy }) => ({
        name,
        method: t(`values.share-method.${parameters.share}`),
        perimeter: department ?? t('rights.whole'),
        turnover: part(result.turnover),
        base: formatNumber(result.base, language),
        kept: t('rights.kept-by', { name: createdBy, on: formatDay(createdOn, language) }),
        parties: result.parties.map((party) => ({
          name: party.name,
          contingent: t(`values.contingent.${party.contingent}`),
          reserved: formatNumber(party.reserved, language),
          volume: written(party.volume, 2),
          before: written(party.before, 2),
          share: part(party.share),
          yearly: formatNumber(party.yearly, language),
          difference: written(party.difference, 1),
          calendar: party.small ? party.calendar.join(', ') : '',
        })),
        unreserved: { share: part(result.unreserved.share), yearly: formatNumber(result.unreserved.yearly, language) },
        steps: stepsOf(result.steps as Step[]),
      })),
    },
  });
  await recordEvent(tx, {
    kind: 'flow.conversion-note-made',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'inventory', id: inventoryId }],
  });
  return document;
}
