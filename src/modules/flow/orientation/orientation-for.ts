import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Explained } from '../../../kernel/rule.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { FlowFacts } from '../queries.ts';
import { orientationParties, type PartyRow } from './queries.ts';
import { ownShare } from './rules/shares.ts';
import { type OrientationSuggestion, suggestOrientation } from './rules/suggestion.ts';

export type Orientation = Explained<OrientationSuggestion> & { parties: PartyRow[] };

/**
 * Whom a dwelling should go to, with the effect of each choice: every agreement that admits it, and the own contingent.
 * Who gave this vacancy back, or let its time pass, is shown and not suggested again.
 */
export async function orientationFor(
  tx: Tx,
  landlordId: string,
  vacancy: { id: string | null; facts: FlowFacts },
  today: LocalDate,
): Promise<Orientation> {
  const { parties, own, waiting } = await orientationParties(tx, landlordId, vacancy.facts, vacancy.id, today);
  const suggestion = suggestOrientation({
    parties: [
      ...parties,
      {
        id: 'own',
        name: 'own',
        scale: 'landlord',
        share: ownShare(own),
        freed: own.freed,
        proposed: own.kept,
      },
    ],
    waiting: Math.max(1, waiting),
    on: today,
  });
  return { ...suggestion, parties };
}
