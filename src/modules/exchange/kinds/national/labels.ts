import { labelsInBulk } from '../../../flow/index.ts';
import { labelFields } from '../../rules/national-fields.ts';
import { registerImport } from './register-import.ts';

/** Labels of priority households (SYPLO). */
export const labelImport = registerImport({
  name: 'syplo-labels',
  fields: labelFields,
  stagingTable: 'exchange.staged_labels',
  bulk: labelsInBulk,
  key: ['unique_number', 'labelled_on', 'label'],
  check({ labelledOn, endsOn }, { today }, addProblem) {
    if (typeof labelledOn !== 'string') return;
    if (labelledOn > today) addProblem({ field: 'labelledOn', code: 'E-FIELD-FUTURE' });
    if (typeof endsOn === 'string' && endsOn < labelledOn)
      addProblem({ field: 'endsOn', code: 'E-IMPORT-BEFORE', params: { day: labelledOn } });
  },
  example: {
    uniqueNumber: '093012300123GDPUB1',
    label: 'DALO',
    labelledOn: '12/01/2026',
    endsOn: '12/01/2028',
    commissionReference: 'COMED 93-2026-0117',
  },
});
