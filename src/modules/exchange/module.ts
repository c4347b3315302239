import { defineModule } from '../../platform/module.ts';
import { exchangeAccess } from './access.ts';
import { exchangeJobs } from './jobs.ts';
import { importList } from './queries.ts';
import { exchangeRoutes } from './routes.ts';
import { clearImports } from './schedules.ts';

export const exchange = defineModule({
  name: 'exchange',
  dependsOn: ['organisations', 'portfolio', 'applicants', 'tenancies', 'flow', 'allocation'],
  permissions: exchangeAccess,
  lists: [importList],
  jobs: exchangeJobs,
  schedules: [clearImports],
  routes: exchangeRoutes,
});
