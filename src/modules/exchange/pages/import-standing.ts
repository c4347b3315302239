import type { ImportRecord } from '../contract.ts';

/** Where the reader of an import stands. It follows from the record alone: any browser finds it again. */
export type Standing =
  | 'columns'
  | 'checking'
  | 'refused'
  | 'previewed'
  | 'applying'
  | 'applied'
  | 'reverting'
  | 'reverted'
  | 'abandoned';

export function standingOf(record: Pick<ImportRecord, 'state' | 'job'>): Standing {
  switch (record.state) {
    case 'preparing':
      return isUnderWay(record.job) ? 'checking' : 'columns';
    case 'failed':
      return 'refused';
    default:
      return record.state;
  }
}

/** Something is at work on the import: it changes without anybody doing anything. */
export const isWorking = (record: Pick<ImportRecord, 'state' | 'job'>): boolean =>
  ['checking', 'applying', 'reverting'].includes(standingOf(record));

/** The last work was stopped by someone, or failed for a reason the import itself does not tell. */
export const interruptionOf = ({ job, problem }: ImportRecord): 'stopped' | 'fault' | undefined => {
  if (job?.state === 'cancelled') return 'stopped';
  return job?.state === 'failed' && !problem ? 'fault' : undefined;
};

const isUnderWay = (job: ImportRecord['job']): boolean => job?.state === 'queued' || job?.state === 'running';

export const importSteps = ['file', 'columns', 'preview', 'apply', 'result'] as const;
export type ImportStep = (typeof importSteps)[number];

const steps: Record<Standing, ImportStep> = {
  columns: 'columns',
  checking: 'preview',
  refused: 'preview',
  previewed: 'preview',
  applying: 'apply',
  applied: 'result',
  reverting: 'result',
  reverted: 'result',
  abandoned: 'file',
};

export const stepOf = (standing: Standing): ImportStep => steps[standing];
