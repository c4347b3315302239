import { addDays, latest } from '../../../kernel/local-date.ts';
import { notFound } from '../../../kernel/problem.ts';
import type { Api } from '../../../platform/http/api.ts';
import { amendmentTerms, fingerprintOf, partyOf, signedTerms, stateOn } from './actions/agreement-in-hand.ts';
import { abandonAmendment, endAgreement, proposeAmendment } from './actions/amend.ts';
import { makeAgreementDocument } from './actions/make-agreement-document.ts';
import { commentAgreement, moveAgreement } from './actions/negotiate.ts';
import { changeAgreement, recordAgreement } from './actions/record-agreement.ts';
import { addReviewClause, closeReviewClause, recordDerogation } from './actions/reviews.ts';
import { setTargets } from './actions/set-targets.ts';
import { signAgreement, signAmendment } from './actions/sign.ts';
import type { AgreementRecord } from './contract.ts';
import * as contract from './contract.ts';
import {
  type AgreementDetails,
  agreementDetails,
  agreementsWithFigures,
  commitments,
  promiseContext,
} from './queries.ts';
import { dueOf } from './rules/due.ts';
import { agreementAbilities, movesFrom, nextStepOf } from './rules/life-cycle.ts';

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
    contract.getAgreement,
    ({ params, today }) => [
      agreementsWithFigures({ agreementId: params.id }, today, 'all'),
      agreementDetails(params.id, today),
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
        version: details.version,
        versions,
        moves: details.moves,
        clauses: details.clauses,
        derogations: details.derogations,
        years: details.years,
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
        },
        dueSteps: dueOf({ reference: agreement.reference, periods: agreement.figures.periods }).steps as never,
        today,
      };
    },
  );

  api.act(contract.createAgreement, ({ tx, actor, body }) => recordAgreement(tx, actor, body));
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
