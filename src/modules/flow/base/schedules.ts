import { asProgram } from '../../../platform/database/as-program.ts';
import type { Schedule } from '../../../platform/jobs/schedules.ts';
import { classifyStock, holdClasses } from './actions/classify-stock.ts';
import { countTransfers } from './actions/transfers.ts';

/**
 * Each morning, what time alone changes: a rule or a choice begins or ends, a dwelling that entered is classed; internal transfers
 * asked for are counted by the grid of the day.
 */
export const classesOfTheDay: Schedule = {
  name: 'flow.classes-of-the-day',
  cron: '5 4 * * *',
  every: '26 hours',
  async run({ database, organisationIds, today }) {
    const failures: string[] = [];
    for (const organisationId of organisationIds) {
      await asProgram(database, { organisationId }, async (tx) => {
        await holdClasses(tx, organisationId);
        await classifyStock(tx, organisationId, { cause: 'time', byUser: null, today });
        await countTransfers(tx, organisationId, today);
      }).catch((error: Error) => failures.push(`${organisationId}: ${error.message}`));
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  },
};
