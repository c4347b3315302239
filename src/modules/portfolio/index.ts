/** What other modules may call: dwellings as cards, their occupancy, the size of the stock. */
export { markOccupancy } from './actions/dwellings.ts';
export {
  buildingsInBulk,
  contractsInBulk,
  dwellingsInBulk,
  indexDwellings,
  indexOwners,
  ownersInBulk,
  restoreOccupancy,
} from './bulk.ts';
export { countStock } from './queries.ts';
