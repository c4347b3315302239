import { closuresInBulk } from '../../../flow/index.ts';
import { closureFields } from '../../rules/national-fields.ts';
import { registerImport } from './register-import.ts';

/** Demands closed in the national register (SNE). */
export const closureImport = registerImport({
  name: 'sne-closures',
  fields: closureFields,
  stagingTable: 'exchange.staged_closures',
  bulk: closuresInBulk,
  key: ['unique_number'],
  check({ closedOn, leaseSignedOn }, { today }, addProblem) {
    if (typeof closedOn === 'string' && closedOn > today) addProblem({ field: 'closedOn', code: 'E-FIELD-FUTURE' });
    if (typeof leaseSignedOn === 'string' && leaseSignedOn > today)
      addProblem({ field: 'leaseSignedOn', code: 'E-FIELD-FUTURE' });
  },
  example: {
    uniqueNumber: '093012300123GDPUB1',
    closedOn: '18/03/2026',
    reason: 'ATTRIBUTION',
    landlordSiren: '732829320',
    leaseSignedOn: '16/03/2026',
    registerId: '0930012345',
    contingent: 'ETAT_PRIORITAIRES',
    dalo: 'oui',
    quartile: '1',
  },
});
