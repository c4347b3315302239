import type { LocalDate } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { sayExchange } from '../../flow/index.ts';
import { flowFactsOf } from '../queries.ts';
import { nominatedProposal } from './decide.ts';
import { refreshStage, requireOpenVacancy } from './refresh-stage.ts';

/**
 * Records that a dwelling proposed to one holder goes to a candidate of another by exchange (bourse d'échange), or takes
 * that back. Both holders agreed beforehand; they read it. Possible from the nomination to the lease.
 * @param body `agreementId`: the agreement that receives the dwelling; null takes the exchange back
 * @throws Problem E-EXCHANGE-01 no holder has named candidates, or the lease is signed; -02 to -04 as `sayExchange`
 */
export async function exchangeDwelling(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  body: { agreementId: string | null; note: string; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, body.version);
  const proposal = await nominatedProposal(tx, actor, vacancyId);
  if (!proposal) throw refused('E-EXCHANGE-01');
  await sayExchange(
    tx,
    actor,
    {
      vacancyId,
      dwellingId: vacancy.dwellingId,
      proposalId: proposal.id,
      baseClass: vacancy.baseClass,
      facts: flowFactsOf(vacancy),
      owner: { id: proposal.agreementId, holderId: proposal.holderId },
      receiver: proposal.receiver,
    },
    { receiverId: body.agreementId, note: body.note },
    today,
  );
  return { version: await refreshStage(tx, actor, vacancyId, today) };
}
