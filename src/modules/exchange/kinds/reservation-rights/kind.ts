import { rightsFields } from '../../rules/rights-fields.ts';
import type { ImportKind } from '../kind.ts';
import { applyRights, revertRights, subjectsOfRights, tablesOfRights } from './apply.ts';
import { deriveRight, rightsDerived } from './derive.ts';
import { countRightRecords, prepareRights, rightsChecks, settleRights } from './preview.ts';

/** Lines of the inventory of reservation rights (état des lieux, L-35, L-36). */
export const rightsImport: ImportKind = {
  name: 'reservation-rights',
  fields: rightsFields,
  stagingTable: 'exchange.staged_rights',
  derived: rightsDerived,
  derive: deriveRight,
  prepare: prepareRights,
  checks: rightsChecks,
  settle: settleRights,
  countRecords: countRightRecords,
  apply: applyRights,
  subjects: subjectsOfRights,
  revert: revertRights,
  tables: tablesOfRights,
  example: {
    reference: 'ALS-93-014',
    holder: 'Action Logement Services',
    contingent: 'Action Logement',
    agreementReference: '2009-ALS-117',
    origin: 'financement',
    signedOn: '12/03/2009',
    endsOn: '31/12/2043',
    kind: 'droit de suite',
    rights: '40',
    municipality: 'Montreuil',
    inPriorityArea: 'hors QPV',
    rooms: 'T3',
    funding: 'PLUS',
    constructionPeriod: '1975-1989',
    dwellings: '',
  },
};
