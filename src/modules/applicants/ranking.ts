import type { Tx } from '../../platform/database/connection.ts';
import type { Ranking } from './contract.ts';
import { excludedCandidates, rankedCandidates } from './queries.ts';
import { moderateQuota } from './rules/moderate-quota.ts';
import { admissibleClasses, explainRank, suitability } from './rules/suitability.ts';

/**
 * The suitable candidates for a dwelling, in the order of the register, each with the reasons of its rank.
 * @param quota dwellings of the agency and how many went to moderate incomes (Brussels); null where no quota applies
 */
export async function rankRegister(
  tx: Tx,
  organisationId: string,
  dwelling: { kind: string; bedrooms: number },
  quota: { stock: number; moderate: number } | null,
  limit: number,
): Promise<Ranking> {
  const suits = suitability({ kind: dwelling.kind as 'apartment', bedrooms: dwelling.bedrooms });
  const third = quota && moderateQuota(quota);
  const criteria = { ...suits.result, classes: admissibleClasses(third?.result ?? null) };
  const { rows } = await tx.executeQuery(rankedCandidates(organisationId, criteria, limit));
  const { rows: excluded } = await tx.executeQuery(excludedCandidates(organisationId, criteria));
  return {
    candidates: rows.map((row) => ({
      ...row,
      steps: explainRank({ ...row, ...suits.result }),
    })) as Ranking['candidates'],
    excluded: excluded[0]!,
    suitability: suits.steps as Ranking['suitability'],
    quota: (third?.steps ?? []) as Ranking['quota'],
  };
}
