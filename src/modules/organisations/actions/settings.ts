import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { invalid, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { seal } from '../../../platform/identity/identity.ts';
import { frameOf } from '../rules/setting-frames.ts';
import { requireSettingValue, settingOn } from '../settings.ts';

/**
 * Chooses a setting from a day on. The choice is a decision about how people are treated: it enters the journal.
 * @throws Problem E-SETTING-01 unknown; E-SETTING-02 not a value it may take; E-SETTING-03 in the past; E-SETTING-04
 *   already chosen for that day; E-SETTING-05 fixed by the State; E-SETTING-06 partners approve it first; E-SETTING-07 the
 *   State's to give
 */
export async function putSetting(
  tx: Tx,
  actor: Actor,
  choice: { key: string; value: unknown; validFrom: LocalDate; reason: string },
  today: LocalDate,
): Promise<void> {
  const { key, value } = requireSettingValue(choice.key, choice.value);
  if (choice.validFrom < today) throw invalid('E-SETTING-03', {}, [{ path: 'validFrom', code: 'E-FIELD-PAST' }]);
  await requireFree(tx, actor.organisationId, key, choice.validFrom);
  if (frameOf(key)?.moves) throw refused('E-SETTING-06', { key });
  const before = await settingOn(tx, actor, key, choice.validFrom);
  const written = await tx
    .insertInto('organisations.settings')
    .values({
      organisation_id: actor.organisationId,
      key,
      valid_from: choice.validFrom,
      value: JSON.stringify(value),
      reason: choice.reason,
      decided_by: actor.userId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (!written) throw refused('E-SETTING-04');
  await recordEvent(tx, {
    kind: 'organisations.setting-chosen',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    reason: choice.reason,
    before: { key, value: before },
    after: { key, value, validFrom: choice.validFrom },
    journal: { key, before, after: value, validFrom: choice.validFrom, reason: choice.reason },
  });
}

/**
 * An organisation does not choose what the State fixed, or alone may say.
 * @throws Problem E-SETTING-05 fixed on that day, by whom, since when, by which text; E-SETTING-07
 */
export async function requireFree(tx: Tx, organisationId: string, key: string, on: LocalDate): Promise<void> {
  if (frameOf(key)?.givenByState) throw refused('E-SETTING-07', { key });
  const { rows } = await sql<{ value: unknown; since: string; by: string; source: string | null }>`
    select value, valid_from as since, fixed_by_name as by, source from organisations.settings
    where organisation_id = ${organisationId} and key = ${key} and layer = 'regional' and valid_from <= ${on}::date
    order by valid_from desc limit 1`.execute(tx);
  const [fixed] = rows;
  if (fixed && fixed.value !== null)
    throw refused('E-SETTING-05', { key, by: fixed.by, since: fixed.since, source: fixed.source ?? '–' });
}

/** Adds or changes an identity provider. Without a new secret, the one kept stays. */
export async function putProvider(
  tx: Tx,
  actor: Actor,
  secret: string,
  provider: { id: string; name: string; issuer: string; clientId: string; clientSecret?: string; active: boolean },
) {
  const sealed = provider.clientSecret ? seal(secret, provider.clientSecret) : undefined;
  const change = {
    name: provider.name,
    issuer: provider.issuer,
    client_id: provider.clientId,
    active: provider.active,
  };
  const key = { organisation_id: actor.organisationId, id: provider.id };
  const { numUpdatedRows } = await tx
    .updateTable('organisations.identity_providers')
    .set({ ...change, ...(sealed ? { client_secret: sealed } : {}) })
    .where('organisation_id', '=', key.organisation_id)
    .where('id', '=', key.id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    if (!sealed) throw invalid('E-FIELDS-01', {}, [{ path: 'clientSecret', code: 'E-FIELD-REQUIRED' }]);
    await tx
      .insertInto('organisations.identity_providers')
      .values({ ...key, ...change, client_secret: sealed })
      .execute();
  }
  await recordEvent(tx, {
    kind: 'organisations.provider-changed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    after: { provider: provider.id, issuer: provider.issuer, active: provider.active },
  });
  return {
    id: provider.id,
    name: provider.name,
    issuer: provider.issuer,
    clientId: provider.clientId,
    active: provider.active,
  };
}
