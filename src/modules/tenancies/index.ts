/** What other modules may call: signing a lease, the places taken in the quota of one third. */
export { signTenancy } from './actions/sign-tenancy.ts';
export { indexTenancies, numberLeases, tenanciesInBulk } from './bulk.ts';
export { countModerate } from './queries.ts';
export { firstRent } from './rules/first-rent.ts';
