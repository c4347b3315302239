/** What other modules may call: applications as cards, the ranked register, the exit of a housed household. */
export { exitApplication, registerNominee } from './actions/applications.ts';
export { type ApplicationCard, findApplicationByUniqueNumber, findApplications } from './queries.ts';
export { rankRegister } from './ranking.ts';
export type { IncomeClass } from './rules/income-class.ts';
