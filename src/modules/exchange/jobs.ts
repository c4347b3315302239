import { defineJob } from '../../platform/jobs/jobs.ts';
import { applyImport } from './actions/apply-import.ts';
import { type ImportJob, previewImport } from './actions/preview-import.ts';
import { revertImport } from './actions/revert-import.ts';

export const exchangeJobs = [
  defineJob<ImportJob>({ name: 'exchange.preview-import', run: previewImport }),
  defineJob<ImportJob>({ name: 'exchange.apply-import', run: applyImport }),
  defineJob<ImportJob>({ name: 'exchange.revert-import', run: revertImport }),
];
