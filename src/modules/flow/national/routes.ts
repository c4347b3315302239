import { yearOf } from '../../../kernel/local-date.ts';
import type { Api } from '../../../platform/http/api.ts';
import { noteCorrection } from './actions/note-correction.ts';
import * as contract from './contract.ts';
import { factsOf, othersCounts, ownCounts, reconciliationList } from './queries.ts';
import { reconcile } from './rules/reconcile.ts';

export function nationalRoutes(api: Api): void {
  api.read(
    contract.getReconciliation,
    ({ organisationId, query, today }) => {
      const year = query.year ?? yearOf(today);
      return [ownCounts(organisationId, year), othersCounts(year)] as const;
    },
    ([[own], others], { query, today, actor }) => {
      const isLandlord = actor.organisationKind === 'landlord';
      return {
        year: query.year ?? yearOf(today),
        leases: isLandlord ? own!.leases : null,
        closuresUntil: isLandlord ? own!.closuresUntil : null,
        labelsUntil: isLandlord ? own!.labelsUntil : null,
        own: own!.counts,
        others,
      };
    },
  );

  api.list(contract.listReconciliation, reconciliationList, (row) => {
    const { key, subjectId, tenancyId, reason, counted, effect, signedOn, reference, uniqueNumber, household } = row;
    const { party, contingent, toldContingent, priorityGroup, decidedOn, closedOn, dwellingReference, correctedOn } =
      row;
    return {
      ...{ key, subjectId, tenancyId, reason, counted, effect, signedOn, reference, uniqueNumber, household, party },
      ...{ contingent, toldContingent, priorityGroup, decidedOn, closedOn, dwellingReference, correctedOn },
      steps: reconcile(factsOf(row)).steps,
    };
  });

  api.act(contract.noteCorrection, ({ tx, actor, body, today }) => noteCorrection(tx, actor, body, today));
}
