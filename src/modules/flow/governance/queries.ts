import { type CompiledQuery, sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { statements } from '../../../platform/database/statements.ts';
import type { SettingDecision } from './rules/proposal-state.ts';

export type Party = { id: string; name: string; kind: string };

export type ProposalRow = {
  id: string;
  proposerId: string;
  proposer: string;
  scope: 'own' | 'regional';
  key: string;
  value: unknown;
  validFrom: LocalDate;
  reason: string;
  source: string | null;
  landlordIds: string[];
  partyIds: string[];
  parties: Party[];
  answerBy: LocalDate;
  proposedOn: LocalDate;
  proposedBy: string;
  /** Whether the reader arbitrates for the landlord that proposes. */
  arbitrates: boolean;
  decisions: {
    partyId: string;
    party: string;
    decision: SettingDecision;
    reason: string | null;
    at: string;
  }[];
};

const proposal = (readerId: string) => sql<ProposalRow>`
    select p.id, p.organisation_id as "proposerId", p.proposer_name as proposer, p.scope, p.key, p.value, p.valid_from as "validFrom",
      p.reason, p.source, p.landlord_ids as "landlordIds", p.party_ids as "partyIds", p.parties, p.answer_by as "answerBy",
      p.proposed_on as "proposedOn", p.proposed_by as "proposedBy",
      p.scope = 'own' and organisations.governs(p.organisation_id, ${readerId}::uuid) as arbitrates,
      coalesce((select json_agg(json_build_object('partyId', d.party_id, 'party', d.party_name, 'decision', d.decision,
          'reason', d.reason, 'at', d.decided_at) order by d.decided_at, d.id)
        from flow.setting_decisions d where d.organisation_id = p.organisation_id and d.proposal_id = p.id), '[]') as decisions
    from flow.setting_proposals p`;

/** Settings proposed by, to, or about an organisation, newest first, with all that was said of them. */
export const settingProposals = (readerId: string): CompiledQuery<ProposalRow> =>
  sql<ProposalRow>`${proposal(readerId)} order by p.proposed_at desc, p.id limit 100`.compile(statements);

export const settingProposal = (readerId: string, id: string) =>
  sql<ProposalRow>`${proposal(readerId)} where p.id = ${id}`;

export type ChoiceRow = {
  landlordId: string;
  landlord: string;
  key: string | null;
  layer: string;
  validFrom: LocalDate;
  value: unknown;
  reason: string | null;
  fixedBy: string | null;
  source: string | null;
};

const choices = sql<ChoiceRow>`select landlord_id as "landlordId", landlord, key, layer, valid_from as "validFrom", value, reason,
      fixed_by_name as "fixedBy", source
    from insights.flow_choices() order by landlord, landlord_id, valid_from`;

/** Dated choices about the flow of the landlords a reader works with; a landlord that chose nothing has one row without a key. */
export const flowChoices = (): CompiledQuery<ChoiceRow> => choices.compile(statements);

export type GovernedRow = { id: string; name: string; holders: Party[]; closedYear: number | null };

const governed = (today: LocalDate) => sql<GovernedRow>`select id, name, holders, closed_year as "closedYear"
    from insights.governed_landlords(${today}::date) order by name, id`;

/** Landlords the reader fixes regional values for; none unless it is the State. */
export const governedLandlords = (today: LocalDate): CompiledQuery<GovernedRow> => governed(today).compile(statements);

/** Both, as one row: what the page of the frame reads beside the proposals. */
export const frameFacts = (today: LocalDate): CompiledQuery<{ choices: ChoiceRow[]; governed: GovernedRow[] }> =>
  sql<{ choices: ChoiceRow[]; governed: GovernedRow[] }>`select
      coalesce((select json_agg(c) from (${choices}) as c), '[]') as choices,
      coalesce((select json_agg(g) from (${governed(today)}) as g), '[]') as governed`.compile(statements);

/** A landlord as it stands when it proposes: the holders of its running agreements, its last closed year. */
export const ownStanding = (landlordId: string, name: string, today: LocalDate) =>
  sql<GovernedRow>`select ${landlordId}::uuid as id, ${name}::text as name,
      coalesce((select jsonb_agg(distinct jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind))
        from flow.agreements a join organisations.organisations o on o.id = a.holder_id
        where a.organisation_id = ${landlordId} and a.state = 'signed' and a.starts_on <= ${today}::date
          and (a.ends_on is null or a.ends_on >= ${today}::date)), '[]') as holders,
      (select max(y.year)::int from flow.year_closings y where y.organisation_id = ${landlordId}) as "closedYear"`;

/** Landlords that this organisation bound before by a setting: giving the choice back frees them too. */
export const boundBefore = (stateId: string, key: string) =>
  sql<{ id: string; name: string }>`select distinct x.party->>'id' as id, x.party->>'name' as name
    from flow.setting_proposals p cross join lateral jsonb_array_elements(p.parties) as x (party)
    where p.organisation_id = ${stateId} and p.key = ${key} and p.scope = 'regional' and x.party->>'kind' = 'landlord'`;
