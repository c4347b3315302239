import { z } from 'zod';
import { addDays, type LocalDate, latest, yearOf } from '../../../kernel/local-date.ts';
import { notFound } from '../../../kernel/problem.ts';
import type { Api } from '../../../platform/http/api.ts';
import { chosenSetting, valueOrDefault } from '../../organisations/index.ts';
import { adaptTargets, proposalFor } from './actions/adapt-targets.ts';
import { amendmentTerms, fingerprintOf, partyOf, signedTerms, stateOn } from './actions/agreement-in-hand.ts';
import { abandonAmendment, endAgreement, proposeAmendment } from './actions/amend.ts';
import { makeAgreementDocument } from './actions/make-agreement-document.ts';
import { changeNeed, endNeed, writeNeed } from './actions/needs.ts';
import { commentAgreement, moveAgreement } from './actions/negotiate.ts';
import { changeAgreement, recordAgreement } from './actions/record-agreement.ts';
import { addReviewClause, closeReviewClause, recordDerogation } from './actions/reviews.ts';
import { setTargets } from './actions/set-targets.ts';
import { signAgreement, signAmendment } from './actions/sign.ts';
import type { Adaptation, AgreementRecord } from './contract.ts';
import * as contract from './contract.ts';
import {
  type AgreementDetails,
  adaptations,
  agreementRecord,
  agreementsWithFigures,
  commitments,
  promiseContext,
  type TargetBasis,
} from './queries.ts';
import { dueOf } from './rules/due.ts';
import { agreementAbilities, movesFrom, nextStepOf } from './rules/life-cycle.ts';
import { basisOf } from './rules/target-basis.ts';

/** How long before its last day an agreement is to be renewed. */
const renewalDays = 180;

export function agreementRoutes(api: Api): void {
  api.read(
    contract.listAgreements,
    ({ organisationId, today, query }) => [
      agreementsWithFigures({ landlordId: organisationId }, today, query.states),
      agreementsWithFigures({ holderId: organisationId }, today, query.states),
    ],
    ([asLandlord, asHolder], { today }) => ({ items: [...asLandlord, ...asHolder], today }),
  );

  api.read(
    contract.listCommitments,
    ({ organisationId, today }) => [commitments(organisationId, today), promiseContext(organisationId)],
    ([rows, [context]]) => ({ commitments: rows, ...context! }),
  );

  api.read(
    contract.getUsualTerms,
    ({ organisationId, today }) => [
      chosenSetting(organisationId, 'flow.nomination-mode', today),
      chosenSetting(organisationId, 'flow.contractual-scale', today),
    ],
    ([[mode], [scale]], { actor }) => ({
      nominationMode: valueOrDefault('flow.nomination-mode', actor.jurisdiction, mode?.value),
      contractualScale: valueOrDefault('flow.contractual-scale', actor.jurisdiction, scale?.value),
    }),
  );

  api.read(
    contract.getAgreement,
    ({ params, today }) => [
      agreementsWithFigures({ agreementId: params.id }, today, 'all'),
      agreementRecord(params.id, today),
    ],
    ([[agreement], [details]], { actor, today }) => {
      if (!agreement || !details) throw notFound();
      const party = partyOf(details, actor);
      const state = stateOn(details, today);
      const versions = versionsOf(details, today);
      const amending = versions.find((version) => version.amendmentId !== null && version.state === 'to-sign');
      const signed = (amending ?? versions[0]!).signatures.map((signature) => signature.party);
      const endsSoon = details.endsOn !== null && details.endsOn <= addDays(today, renewalDays);
      const abilities = agreementAbilities(state, party, {
        signed: versions[0]!.signatures.map((signature) => signature.party),
        amending: amending !== undefined,
        ending: details.endingKind !== null,
        contingent: details.contingent,
      });
      const manages = actor.may('flow.manage-agreements');
      const signs = actor.may('flow.sign-agreements');
      const mayMove = signs && (party === 'holder' || manages);
      return {
        agreement,
        party,
        basis: details.basis,
        proposalTerms: details.proposalTerms,
        agreedOtherwise: details.agreedOtherwise,
        signedOn: details.signedOn,
        endingKind: details.endingKind,
        endingReason: details.endingReason,
        delegationPointOn: details.delegationPointOn,
        version: details.version,
        versions,
        moves: details.moves,
        clauses: details.clauses,
        derogations: details.derogations,
        years: withBases(details.years, details.bases, today),
        next: nextStepOf(state, { signed, amending: amending !== undefined, endsSoon }),
        movesTo: mayMove ? [...movesFrom(state, party)] : [],
        can: {
          change: manages && abilities.change,
          comment: signs && abilities.comment,
          sign: signs && abilities.sign,
          amend: manages && abilities.amend,
          end: manages && abilities.end,
          setTargets: manages && abilities.setTargets,
          review: manages && abilities.review,
          derogate: manages && abilities.derogate,
          writeNeeds: signs && abilities.writeNeeds,
        },
        dueSteps: dueOf({ reference: agreement.reference, periods: agreement.figures.periods }).steps as never,
        today,
      };
    },
  );

  api.act(contract.createAgreement, ({ tx, actor, body, today }) => recordAgreement(tx, actor, body, today));
  api.act(contract.changeAgreement, ({ tx, actor, params, body, today }) =>
    changeAgreement(tx, actor, params.id, body, today),
  );
  api.act(contract.moveAgreement, ({ tx, actor, params, body, today }) =>
    moveAgreement(tx, actor, params.id, body, today),
  );
  api.act(contract.commentAgreement, ({ tx, actor, params, body, today }) =>
    commentAgreement(tx, actor, params.id, body.words, today),
  );
  api.act(contract.signAgreement, ({ tx, actor, params, body, today }) =>
    signAgreement(tx, actor, params.id, body, today),
  );
  api.act(contract.proposeAmendment, ({ tx, actor, params, body, today }) =>
    proposeAmendment(tx, actor, params.id, body, today),
  );
  api.act(contract.signAmendment, ({ tx, actor, params, body, today }) =>
    signAmendment(tx, actor, params.id, params.amendmentId, body, today),
  );
  api.act(contract.abandonAmendment, ({ tx, actor, params, body, today }) =>
    abandonAmendment(tx, actor, params.id, params.amendmentId, body.words, today),
  );
  api.act(contract.endAgreement, ({ tx, actor, params, body, today }) =>
    endAgreement(tx, actor, params.id, body, today),
  );
  api.act(contract.setTargets, ({ tx, actor, params, body, today }) =>
    setTargets(tx, actor, params.id, params.year, body, today),
  );
  api.act(contract.writeNeed, ({ tx, actor, params, body, today }) => writeNeed(tx, actor, params.id, body, today));
  api.act(contract.changeNeed, ({ tx, actor, params, body, today }) =>
    changeNeed(tx, actor, params.id, params.needId, body, today),
  );
  api.act(contract.endNeed, ({ tx, actor, params, body, today }) =>
    endNeed(tx, actor, params.id, params.needId, body, today),
  );
  api.read(
    contract.listAdaptations,
    ({ query, today }) => [
      adaptations(query.agreements ? agreementIdsOf(query.agreements) : null, query.year ?? lastYear(today)),
    ],
    ([rows], { actor, query, today }) => ({
      year: query.year ?? lastYear(today),
      items: rows.map(({ party, lines, ...row }) => ({
        ...row,
        lines: lines.map((line) => {
          const proposal = proposalFor(line);
          return {
            ...line,
            criterion: line.criterion as Criterion,
            freed: line.freed ?? [],
            proposed: proposal?.result ?? null,
            steps: (proposal?.steps ?? []) as never,
          };
        }),
        can: {
          adapt:
            party === 'landlord' &&
            actor.may('flow.manage-agreements') &&
            (query.year ?? lastYear(today)) === lastYear(today) &&
            lines.some(({ target, ownTarget }) => target !== null && ownTarget === null),
        },
      })),
    }),
  );
  api.act(contract.adaptTargets, ({ tx, actor, params, body, today }) =>
    adaptTargets(tx, actor, params.id, params.year, body, today),
  );
  api.act(contract.addClause, ({ tx, actor, params, body, today }) =>
    addReviewClause(tx, actor, params.id, body, today),
  );
  api.act(contract.closeClause, ({ tx, actor, params, body, today }) =>
    closeReviewClause(tx, actor, params.id, params.clauseId, body.outcome, today),
  );
  api.act(contract.recordDerogation, ({ tx, actor, params, body, today }) =>
    recordDerogation(tx, actor, params.id, body, today),
  );
  api.act(contract.makeAgreementDocument, ({ tx, actor, params, today }) =>
    makeAgreementDocument(tx, actor, params.id, today),
  );
}

const lastYear = (today: LocalDate): number => yearOf(today) - 1;

type Criterion = Adaptation['lines'][number]['criterion'];

/** Identifiers as an address has them; what is none finds nothing. */
const agreementIdsOf = (given: readonly string[]): string[] => given.filter((one) => z.uuid().safeParse(one).success);

/** Each target beside what was observed of it, on the day it is read. */
function withBases(
  years: AgreementDetails['years'],
  bases: readonly TargetBasis[],
  today: LocalDate,
): AgreementRecord['years'] {
  const found = new Map(bases.map((basis) => [`${basis.criterion} ${basis.value}`, basis]));
  const basisFor = (criterion: string, value: string) => {
    const observed = found.get(`${criterion} ${value}`);
    if (!observed) return null;
    const { residences, dwellings, freed, rights, rightsOn } = observed;
    return { on: today, residences, dwellings, freed: freed ?? [], rights, rightsOn, ...basisOf(observed) };
  };
  return years.map((year) => ({
    ...year,
    contractual: year.contractual.map((target) => ({ ...target, basis: basisFor('place', target.code) })),
    indicative: year.indicative.map((target) => ({ ...target, basis: basisFor(target.criterion, target.value) })),
  }));
}

type Version = AgreementRecord['versions'][number];

/** The terms as first signed, then those of each amendment, with who signed these very terms. */
function versionsOf(details: AgreementDetails, today: string): Version[] {
  const { amendments } = details;
  const begun = amendments.filter(({ effectiveOn }) => effectiveOn !== null && effectiveOn <= today);
  const running = begun.length > 0 ? begun.reduce((a, b) => (a.effectiveOn! > b.effectiveOn! ? a : b)) : null;
  const signaturesOf = (amendmentId: string | null, fingerprint: string) =>
    details.signatures
      .filter((one) => one.amendmentId === amendmentId && one.termsSha256 === fingerprint)
      .map(({ party, signatory, title, signedOn, channel }) => ({ party, signatory, title, signedOn, channel }));
  const over = details.endsOn !== null && details.endsOn < today;
  const first = fingerprintOf(signedTerms(details));
  return [
    {
      amendmentId: null,
      number: 0,
      state: firstState(details, running !== null || over, today),
      from: details.startsOn,
      share: details.firstShare,
      nominationDays: details.nominationDays,
      nominationMode: details.nominationMode,
      ifNoneProposed: details.ifNoneProposed,
      reason: null,
      termsSha256: first,
      version: details.version,
      signatures: signaturesOf(null, first),
    },
    ...amendments.map((amendment): Version => {
      const fingerprint = fingerprintOf(amendmentTerms(details.id, amendment));
      const { effectiveOn } = amendment;
      return {
        amendmentId: amendment.id,
        number: amendment.number,
        state:
          amendment.state !== 'signed'
            ? amendment.state
            : effectiveOn! > today
              ? 'planned'
              : amendment === running && !over
                ? 'running'
                : 'past',
        from: effectiveOn ?? latest(amendment.from, details.startsOn),
        share: amendment.share,
        nominationDays: amendment.nominationDays,
        nominationMode: amendment.nominationMode,
        ifNoneProposed: amendment.ifNoneProposed,
        reason: amendment.reason,
        termsSha256: fingerprint,
        version: amendment.version,
        signatures: signaturesOf(amendment.id, fingerprint),
      };
    }),
  ];
}

/** Where the terms as first signed are in their life. */
function firstState({ keptState, startsOn }: AgreementDetails, replaced: boolean, today: string): Version['state'] {
  if (keptState === 'draft' || keptState === 'negotiation') return 'draft';
  if (keptState !== 'signed') return keptState;
  if (replaced) return 'past';
  return startsOn > today ? 'planned' : 'running';
}
