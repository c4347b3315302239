import { sql } from 'kysely';
import { newId } from '../../kernel/id.ts';
import type { Tx } from '../database/connection.ts';

/** What an event is about. A timeline gathers the events of one subject. */
export type Subject = { kind: string; id: string };

export type EventRecord = {
  /** `module.past-participle`: `tenancies.notice-recorded`. Its sentence is the message `events.<kind>`. */
  kind: string;
  /** Whose file it is; not always the actor's own organisation: a holder writes into the landlord's. */
  organisationId: string;
  subjects: Subject[];
  reason?: string | null;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
  batchId?: string | null;
  /**
   * Decisions about people and shares are chained in the journal with these facts. They name records by identifier
   * and number, never a person by name: the journal outlives the right to be forgotten.
   */
  journal?: Record<string, unknown>;
};

/** Writes what was done, in the transaction that does it. @returns the identifier of the event */
export async function recordEvent(tx: Tx, event: EventRecord): Promise<string> {
  const eventId = newId();
  await eventStatement(eventId, event).execute(tx);
  return eventId;
}

/** Writes several things done at once, each its own event, in their order: one statement. */
export async function recordEvents(tx: Tx, events: readonly EventRecord[]): Promise<void> {
  const rows = events.map((event) => {
    const id = newId();
    const { organisationId, kind, subjects, reason, before, after, batchId } = event;
    const entry = event.journal && journalEntry(id, event);
    return { id, organisation: organisationId, kind, subjects, reason, before, after, batch: batchId, entry };
  });
  await sql`select platform.record_event(e.organisation, e.id, e.kind, e.subjects, e.reason, e.before, e.after, e.batch, e.entry)
    from json_to_recordset(${JSON.stringify(rows)}::json) as e(organisation uuid, id uuid, kind text, subjects jsonb,
      reason text, before jsonb, after jsonb, batch uuid, entry text)`.execute(tx);
}

/** The statement that writes an event, for a transaction on a connection for streams. */
export function eventStatement(eventId: string, event: EventRecord) {
  const entry = event.journal && journalEntry(eventId, event);
  return sql`select platform.record_event(${event.organisationId}::uuid, ${eventId}::uuid, ${event.kind},
    ${JSON.stringify(event.subjects)}::jsonb, ${event.reason ?? null}, ${json(event.before)}::jsonb,
    ${json(event.after)}::jsonb, ${event.batchId ?? null}::uuid, ${entry ?? null})`;
}

const json = (value: unknown): string | null => (value ? JSON.stringify(value) : null);

function journalEntry(eventId: string, event: EventRecord): string {
  return canonical({ event: eventId, kind: event.kind, subjects: event.subjects, facts: event.journal });
}

/** JSON with its keys in order: the same facts give the same text, hence the same hash, for whoever recomputes it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
