import type { LocalDate } from '../../../../kernel/local-date.ts';
import { refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { type CommitmentRow, commitments, promiseContext } from '../queries.ts';
import { type CapFinding, type Commitment, capsOf, departmentsOf } from '../rules/caps.ts';

const codes: Record<CapFinding['kind'], string> = {
  sum: 'E-AGREEMENT-01',
  state: 'E-AGREEMENT-05',
  'state-staff': 'E-AGREEMENT-06',
  'state-floor': 'E-AGREEMENT-07',
  guarantee: 'E-AGREEMENT-07',
};

/**
 * Refuses what would pass a cap of the law on any day of its term, beside all that is signed or to be signed. What is
 * not verified, or may be agreed otherwise, only warns on screen.
 * @throws Problem E-AGREEMENT-01 more than the whole (L-29); E-AGREEMENT-05 the State's cap; E-AGREEMENT-06 its staff's;
 *   E-AGREEMENT-08 the holder has an agreement for this perimeter and these days (L-08)
 */
export async function requireCaps(tx: Tx, actor: Actor, proposed: Commitment): Promise<void> {
  const from = proposed.shares[0]!.from;
  const until = proposed.shares.at(-1)!.until;
  const { rows } = await tx.executeQuery(commitments(actor.organisationId, from));
  const others = rows.filter(({ id }) => id !== proposed.id);
  const twin = others.find((other) => isTwin(other, proposed));
  if (twin) throw refused('E-AGREEMENT-08', { reference: twin.reference });
  const context = (await tx.executeQuery(promiseContext(actor.organisationId))).rows[0]!;
  const findings = departmentsOf(proposed).flatMap(
    (department) =>
      capsOf({
        department,
        from,
        until,
        commitments: [...others, proposed],
        derogations: context.derogations.filter((derogation) => derogation.department === department),
        municipalities: context.municipalities,
      }).result.findings,
  );
  const refusal = findings.find(({ refuses }) => refuses);
  if (refusal) {
    throw refused(codes[refusal.kind], {
      total: percent(refusal.value),
      cap: percent(refusal.cap),
      place: refusal.place,
      from: refusal.from,
    });
  }
}

/** One agreement a holder and perimeter; the State has one a contingent: priority households, its staff (L-08). */
function isTwin(one: CommitmentRow, other: Commitment): boolean {
  const sameDays = one.shares.some((a) => other.shares.some((b) => overlap(a, b)));
  return (
    sameDays &&
    one.holder === other.holder &&
    one.perimeterCode === other.perimeterCode &&
    one.contingent === other.contingent
  );
}

type Days = { from: LocalDate; until: LocalDate | null };

const overlap = (a: Days, b: Days): boolean =>
  (a.until === null || a.until >= b.from) && (b.until === null || b.until >= a.from);

/** '0.27' → '27', for a sentence. */
const percent = (share: string): string => String(Math.round(Number(share) * 1_000_000) / 10_000);
