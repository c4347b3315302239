import { applicantFields } from '../../rules/applicant-fields.ts';
import type { ImportKind } from '../kind.ts';
import { applyApplicants, journalOfApplicants, subjectsOfApplicants } from './apply.ts';
import { applicantDerived, deriveApplicant } from './derive.ts';
import { applicantChecks, countApplicantRecords, prepareApplicants, settleApplicants } from './preview.ts';
import { revertApplicants, tablesOfApplicants } from './revert.ts';

/** Households with their applications. */
export const applicantImport: ImportKind = {
  name: 'applicants',
  fields: applicantFields,
  stagingTable: 'exchange.staged_applicants',
  derived: applicantDerived,
  derive: deriveApplicant,
  prepare: prepareApplicants,
  checks: applicantChecks,
  settle: settleApplicants,
  countRecords: countApplicantRecords,
  apply: applyApplicants,
  subjects: subjectsOfApplicants,
  journalFacts: journalOfApplicants,
  revert: revertApplicants,
  tables: tablesOfApplicants,
  example: {
    number: '2024-0117',
    familyName: 'Haddad',
    givenName: 'Amina',
    birthDate: '14/05/1985',
    sex: 'F',
    language: 'fr',
    email: 'amina.haddad@exemple.be',
    phone: '0470 00 00 00',
    street: 'Rue Haute 3',
    postalCode: '1000',
    city: 'Bruxelles',
    adults: '2',
    children: '2',
    couple: 'oui',
    income: '21 500,00',
    incomeYear: '2024',
    incomeEarners: '1',
    receivedOn: '05/02/2024',
    registeredOn: '14/03/2024',
  },
};
