import { defineModule } from '../../platform/module.ts';
import { tenanciesAccess } from './access.ts';
import { tenancyList } from './queries.ts';
import { tenancyRoutes } from './routes.ts';
import { firstRentRule } from './rules/first-rent.ts';
import { noticePeriodRule } from './rules/notice-period.ts';

export const tenancies = defineModule({
  name: 'tenancies',
  dependsOn: ['organisations', 'portfolio', 'applicants'],
  permissions: tenanciesAccess,
  lists: [tenancyList],
  rules: [noticePeriodRule, firstRentRule],
  routes: tenancyRoutes,
});
