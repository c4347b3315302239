import type { BulkTable } from '../../../platform/database/bulk.ts';

/** What may be told of the lines of an inventory of reservation rights, many at once. */
export const rightsInBulk: BulkTable = {
  kind: 'reservation-right',
  table: 'flow.inventory_lines',
  reference: 'reference',
  columns: [
    ...['holder_id', 'holder_name', 'contingent', 'origin', 'agreement_reference', 'signed_on', 'ends_on', 'kind'],
    ...['rights', 'municipality_code', 'in_priority_area', 'rooms', 'funding', 'construction_period', 'dwellings'],
  ],
  ofNew: ['inventory_id'],
  defaults: { origin: 'other', kind: 'recurring' },
};
