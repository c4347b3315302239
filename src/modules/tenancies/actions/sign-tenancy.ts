import { newId } from '../../../kernel/id.ts';
import { addDays, addYears, type LocalDate, yearOf } from '../../../kernel/local-date.ts';
import type { Cents } from '../../../kernel/money.ts';
import { invalid } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { nextNumber } from '../../../platform/database/counters.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { indexForSearch } from '../../../platform/lists/search.ts';
import { settingsOn } from '../../organisations/index.ts';
import { markOccupancy } from '../../portfolio/index.ts';
import { firstRent } from '../rules/first-rent.ts';

export type Lease = {
  dwellingId: string;
  address: string;
  householdId: string;
  householdName: string;
  applicationId: string | null;
  kind: 'primary-residence' | 'short-term' | 'transit' | 'social';
  signedOn: LocalDate;
  startsOn: LocalDate;
  /** Years agreed; null: open-ended. */
  years: number | null;
  rentCents: number;
  chargesCents: number;
  incomeClass: string;
  /** Whose contingent the lease is imputed to (L-48), and the holder who named the household. */
  contingent: string | null;
  holderId: string | null;
};

/**
 * Signs a lease: it may start on any day, and its first month is charged for the days left of it (H-122). The dwelling
 * is reserved until then, let from then on.
 * @throws Problem E-LEASE-01 signed after it starts; E-LEASE-OVERLAP another lease runs on the dwelling
 */
export async function signTenancy(
  tx: Tx,
  actor: Actor,
  lease: Lease,
  today: LocalDate,
): Promise<{ id: string; reference: string; firstRent: Cents }> {
  if (lease.signedOn > lease.startsOn)
    throw invalid('E-LEASE-01', { signedOn: lease.signedOn, startsOn: lease.startsOn });
  if (lease.signedOn > today) throw invalid('E-FIELDS-01', {}, [{ path: 'signedOn', code: 'E-FIELD-FUTURE' }]);
  const choices = await settingsOn(tx, actor, ['tenancies.first-rent-method', 'tenancies.deposit-months'], today);
  const first = firstRent({
    rent: lease.rentCents,
    startsOn: lease.startsOn,
    method: choices['tenancies.first-rent-method'],
  });
  const year = yearOf(lease.signedOn);
  const serial = await nextNumber(tx, actor.organisationId, `leases-${year}`);
  const reference = `B${year}-${String(serial).padStart(4, '0')}`;
  const id = newId();
  await tx
    .insertInto('tenancies.tenancies')
    .values({
      organisation_id: actor.organisationId,
      id,
      reference,
      dwelling_id: lease.dwellingId,
      household_id: lease.householdId,
      application_id: lease.applicationId,
      kind: lease.kind,
      signed_on: lease.signedOn,
      starts_on: lease.startsOn,
      term_on: lease.years === null ? null : addDays(addYears(lease.startsOn, lease.years), -1),
      rent_cents: lease.rentCents,
      charges_cents: lease.chargesCents,
      deposit_cents: lease.rentCents * choices['tenancies.deposit-months'],
      first_rent_cents: first.result.rent,
      first_rent_steps: JSON.stringify(first.steps),
      income_class: lease.incomeClass,
      contingent: lease.contingent,
      holder_id: lease.holderId,
    })
    .execute();
  await markOccupancy(tx, actor.organisationId, lease.dwellingId, lease.startsOn <= today ? 'let' : 'reserved');
  await indexForSearch(tx, actor.organisationId, [
    {
      kind: 'tenancy',
      id,
      title: lease.householdName,
      subtitle: `${reference} · ${lease.address}`,
      keywords: [lease.householdName, reference, lease.address],
    },
  ]);
  await recordEvent(tx, {
    kind: 'tenancies.lease-signed',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'tenancy', id },
      { kind: 'dwelling', id: lease.dwellingId },
      { kind: 'household', id: lease.householdId },
    ],
    after: { reference, startsOn: lease.startsOn, rentCents: lease.rentCents, firstRentCents: first.result.rent },
  });
  return { id, reference, firstRent: first.result.rent };
}
