import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { FlowFacts } from '../queries.ts';

export type FlowEventKind =
  | 'freed'
  | 'unfreed'
  | 'proposed'
  | 'withdrawn'
  | 'returned'
  | 'expired'
  | 'attributed'
  | 'unattributed'
  | 'leased'
  | 'unleased';

/**
 * Adds what the counters count, in the transaction of what happened. Nothing is ever changed or removed: a mistake is
 * taken back by its contrary, so that anyone can recount.
 */
export async function countFlow(
  tx: Tx,
  landlordId: string,
  event: {
    kind: FlowEventKind;
    on: LocalDate;
    vacancyId: string;
    baseClass: string;
    agreement: { id: string; holderId: string } | null;
    facts: FlowFacts;
  },
): Promise<void> {
  await tx
    .insertInto('flow.events')
    .values({
      organisation_id: landlordId,
      id: newId(),
      on_day: event.on,
      kind: event.kind,
      vacancy_id: event.vacancyId,
      base_class: event.baseClass,
      agreement_id: event.agreement?.id ?? null,
      holder_id: event.agreement?.holderId ?? null,
      department: event.facts.department,
      municipality_code: event.facts.municipalityCode,
      territory: event.facts.territory,
      rooms: event.facts.rooms,
      funding: event.facts.funding,
      in_priority_area: event.facts.inPriorityArea,
      construction_year: event.facts.constructionYear,
    })
    .execute();
}
