import type { LocalDate } from '../../kernel/local-date.ts';
import type { Explained } from '../../kernel/rule.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { admissibleParties, type FlowFacts, ownContingent, type PartyRow } from './queries.ts';
import { type OrientationSuggestion, ownShare, suggestOrientation } from './rules/orientation.ts';

export type Orientation = Explained<OrientationSuggestion> & { parties: PartyRow[] };

/** Whom a dwelling should go to, with the effect of each choice: every agreement that admits it, and the own contingent. */
export async function orientationFor(
  tx: Tx,
  landlordId: string,
  facts: FlowFacts,
  today: LocalDate,
): Promise<Orientation> {
  const parties = await admissibleParties(tx, landlordId, facts, today);
  const own = await ownContingent(tx, landlordId, facts.department, today);
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
        needs: [],
      },
    ],
  });
  return { ...suggestion, parties };
}
