import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Explained } from '../../../kernel/rule.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { FlowFacts } from '../queries.ts';
import { orientationParties, type PartyRow, programmeOf } from './queries.ts';
import { suggestFirstLetting } from './rules/first-letting.ts';
import { ownShare } from './rules/shares.ts';
import type { Leaning } from './rules/stakes.ts';
import { type OrientationSuggestion, suggestOrientation } from './rules/suggestion.ts';

export type OrientedVacancy = {
  id: string | null;
  facts: FlowFacts;
  /** The dwelling of a first letting: of a new programme, it goes as the coordination meeting shared it (F-79). */
  firstLettingOf?: string | undefined;
  /** Whom the objectives of the place lean to: it decides between equals. */
  leaning?: Leaning | null;
};

export type Orientation = Explained<OrientationSuggestion> & { parties: PartyRow[]; programme: string | null };

/**
 * Whom a dwelling should go to, with the effect of each choice: every agreement that admits it, and the own contingent.
 * Who gave this vacancy back, or let its time pass, is shown and not suggested again. The first letting of a programme
 * whose sharing is agreed follows that sharing.
 */
export async function orientationFor(
  tx: Tx,
  landlordId: string,
  vacancy: OrientedVacancy,
  today: LocalDate,
): Promise<Orientation> {
  const { parties, own, waiting } = await orientationParties(tx, landlordId, vacancy.facts, vacancy.id, today);
  const programme = vacancy.firstLettingOf
    ? await programmeOf(tx, landlordId, vacancy.firstLettingOf, vacancy.facts.rooms)
    : undefined;
  if (programme) {
    const known = new Map(programme.parties.map((party) => [party.id, party]));
    const nothing = { part: 0, whole: 0, oriented: 0, orientedInAll: 0 };
    const suggestion = suggestFirstLetting({
      programme: programme.name,
      parties: [...parties, { id: 'own', name: 'own', scale: 'landlord' as const, returned: false }].map(
        ({ id, name, scale, returned }) => ({ ...nothing, ...known.get(id), id, name, scale, returned }),
      ),
    });
    return { ...suggestion, parties, programme: programme.name };
  }
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
    leaning: vacancy.leaning ?? null,
  });
  return { ...suggestion, parties, programme: null };
}
