import { dwellingFields } from '../../rules/dwelling-fields.ts';
import type { ImportKind } from '../kind.ts';
import { applyDwellings, subjectsOfDwellings } from './apply.ts';
import { deriveDwelling, dwellingDerived } from './derive.ts';
import { countDwellingRecords, dwellingChecks, prepareDwellings, settleDwellings } from './preview.ts';
import { revertDwellings, tablesOfDwellings } from './revert.ts';

/** Dwellings with their buildings, owners, contracts and running leases. */
export const dwellingImport: ImportKind = {
  name: 'dwellings',
  fields: dwellingFields,
  stagingTable: 'exchange.staged_dwellings',
  derived: dwellingDerived,
  derive: deriveDwelling,
  prepare: prepareDwellings,
  checks: dwellingChecks,
  settle: settleDwellings,
  countRecords: countDwellingRecords,
  apply: applyDwellings,
  subjects: subjectsOfDwellings,
  revert: revertDwellings,
  tables: tablesOfDwellings,
  example: {
    reference: 'D0001',
    kind: 'appartement',
    street: 'Rue des Tanneurs',
    houseNumber: '12',
    box: '3',
    floor: '2',
    postalCode: '1030',
    municipality: 'Schaerbeek',
    bedrooms: '2',
    area: '62,50',
    rent: '650,00',
    charges: '45,00',
    energyLabel: 'C',
    programme: 'ordinaire',
    accessible: 'non',
    enteredOn: '01/03/2019',
    buildingReference: 'I001',
    constructionYear: '1974',
    ownerReference: 'P001',
    ownerName: 'Marie Peeters',
    ownerKind: 'personne',
    ownerEmail: 'marie.peeters@exemple.be',
    ownerLanguage: 'nl',
    contractReference: 'M001',
    contractKind: 'mandat de gestion',
    contractStartsOn: '01/03/2019',
    contractEndsOn: '29/02/2028',
    ownerRent: '600,00',
    feeRate: '15 %',
    tenantFamilyName: 'Haddad',
    tenantGivenName: 'Karim',
    leaseSignedOn: '20/03/2019',
    leaseStartsOn: '01/04/2019',
    tenantPhone: '0470 00 00 00',
  },
};
