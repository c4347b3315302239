import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Api } from '../../../platform/http/api.ts';
import { choiceInForce, flowSettings, nextChoice } from '../../organisations/index.ts';
import { decideSetting } from './actions/decide-setting.ts';
import { proposeSetting } from './actions/propose-setting.ts';
import * as contract from './contract.ts';
import { type ChoiceRow, frameFacts, type GovernedRow, type ProposalRow, settingProposals } from './queries.ts';
import { decisionsOpen, proposalState } from './rules/proposal-state.ts';

export function governanceRoutes(api: Api): void {
  api.read(
    contract.getFrame,
    ({ organisationId, today }) => [frameFacts(today), settingProposals(organisationId)],
    ([[facts], proposals], { actor, today }) => ({
      today,
      settings: settingsFor(actor, { ...facts!, proposals }, today),
      governed: facts!.governed.map(({ name, closedYear }) => ({ name, closedYear })),
      proposals: proposals.map((proposal) => presentProposal(proposal, actor, today)),
    }),
  );
  api.act(contract.proposeSetting, ({ tx, actor, body, today }) => proposeSetting(tx, actor, body, today));
  api.act(contract.decideSetting, ({ tx, actor, params, body, today }) =>
    decideSetting(tx, actor, params.id, body, today),
  );
}

function settingsFor(
  actor: Actor,
  { choices, proposals, governed }: { choices: ChoiceRow[]; proposals: ProposalRow[]; governed: GovernedRow[] },
  today: LocalDate,
) {
  const landlords = Map.groupBy(choices, ({ landlordId }) => landlordId);
  const isUnderWay = (key: string) =>
    proposals.some(
      (row) =>
        row.proposerId === actor.organisationId &&
        row.key === key &&
        ['waiting', 'blocked', 'arbitration'].includes(proposalState(row, today)),
    );
  return flowSettings(actor.jurisdiction).map(({ key, schema, byDefault, frame }) => {
    const standing = [...landlords.values()].map((rows) => {
      const own = rows.filter((row) => row.key === key);
      const choice = choiceInForce(own, today);
      const coming = nextChoice(own, today);
      return {
        landlord: rows[0]!.landlord,
        value: choice?.value ?? byDefault,
        origin: (choice ? choice.layer : 'default') as 'default' | 'own' | 'regional',
        since: choice?.validFrom ?? null,
        fixedBy: choice?.fixedBy ?? null,
        reason: choice?.reason ?? null,
        source: choice?.source ?? null,
        next: coming && { value: coming.choice?.value ?? byDefault, on: coming.on },
      };
    });
    const alike = Map.groupBy(standing, ({ landlord: _, ...value }) => JSON.stringify(value));
    const values = [...alike.values()].map((group) => {
      const { landlord: _, ...value } = group[0]!;
      return { ...value, landlords: group.map(({ landlord }) => landlord) };
    });
    const isFixed = values.some(({ origin }) => origin === 'regional');
    const may = actor.may('flow.govern') && !isUnderWay(key);
    const isGoverning = may && governed.length > 0 && frame.level === 'regional';
    const isLandlord = may && actor.organisationKind === 'landlord' && frame.moves && !frame.givenByState && !isFixed;
    return {
      key,
      schema,
      byDefault,
      frame,
      values,
      canPropose: isGoverning || isLandlord,
      canGiveBack: isGoverning && isFixed,
    };
  });
}

function presentProposal(row: ProposalRow, actor: Actor, today: LocalDate) {
  const answered = new Set(row.decisions.map(({ partyId }) => partyId));
  const state = proposalState(row, today);
  return {
    id: row.id,
    scope: row.scope,
    key: row.key,
    value: row.value,
    validFrom: row.validFrom,
    reason: row.reason,
    source: row.source,
    proposer: row.proposer,
    proposedOn: row.proposedOn,
    answerBy: row.answerBy,
    landlords: row.landlordIds.length,
    asked: row.partyIds.length,
    waiting:
      state === 'waiting' || state === 'blocked'
        ? row.parties.filter(({ id }) => !answered.has(id)).map(({ name }) => name)
        : [],
    decisions: row.decisions.map(({ party, decision, reason, at }) => ({ party, decision, reason, at })),
    state,
    open: actor.may('flow.govern') ? decisionsOpen(row, { ...actor, arbitrates: row.arbitrates }, today) : [],
  };
}
