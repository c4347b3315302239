/** What other modules may call: dwellings as cards, their occupancy, the size of the stock. */
export { markOccupancy } from './actions/dwellings.ts';
export {
  buildingsInBulk,
  contractsInBulk,
  dwellingsInBulk,
  indexDwellings,
  indexOwners,
  ownersInBulk,
} from './bulk.ts';
export { countStock, type DwellingCard, findDwelling } from './queries.ts';
