import type { LocalDate } from '../src/kernel/local-date.ts';
import { dwellingFilters } from '../src/modules/portfolio/contract.ts';

/** The list that is measured: three rooms with one of two fundings, by rent; some 8,000 of 100,000 dwellings. */
export const listOfDwellings = {
  path: '/api/v1/dwellings?rooms=3&funding=PLAI,PLS&sort=rent&limit=50',
  filters: dwellingFilters.parse({ rooms: '3', funding: 'PLAI,PLS' }),
  page: { sort: 'rent', order: 'asc', limit: 50 },
  today: '2026-11-22' as LocalDate,
} as const;
