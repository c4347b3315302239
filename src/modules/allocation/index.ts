/** What other modules may call: candidates named by a file. */
export { addNominees, candidatesInBulk, holdOpenProposals } from './bulk.ts';
