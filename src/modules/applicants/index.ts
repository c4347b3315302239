/** What other modules may call: applications as cards, the ranked register, the exit of a housed household, many at once. */
export { exitApplication } from './actions/applications.ts';
export { registerNominee } from './actions/register-nominee.ts';
export {
  addNationalNumbers,
  addReferenceMembers,
  applicationsInBulk,
  changeReferenceMembers,
  classifyByCounts,
  type HouseholdCounts,
  householdsInBulk,
  indexApplications,
  numberApplications,
  referenceMembers,
  removeMembers,
  removeNationalNumbers,
  restoreReferenceMembers,
} from './bulk.ts';
export { findApplications } from './queries.ts';
export { rankRegister } from './ranking.ts';
