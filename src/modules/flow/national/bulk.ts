import type { BulkTable } from '../../../platform/database/bulk.ts';

/** What may be told of the registers of the State, many rows at once. */

export const closuresInBulk: BulkTable = {
  kind: 'national-closure',
  table: 'flow.national_closures',
  reference: 'unique_number',
  columns: [
    ...['closed_on', 'reason', 'landlord_siren', 'lease_signed_on', 'register_id', 'contingent', 'dalo', 'quartile'],
  ],
};

export const labelsInBulk: BulkTable = {
  kind: 'priority-label',
  table: 'flow.priority_labels',
  reference: 'unique_number',
  columns: ['ends_on', 'commission_reference'],
  ofNew: ['label', 'labelled_on'],
};
