import { defineModule } from '../../platform/module.ts';
import { applicantsAccess } from './access.ts';
import { applicationList, registerList } from './queries.ts';
import { applicantRoutes } from './routes.ts';
import { bedroomsNeededRule } from './rules/bedrooms-needed.ts';
import { brusselsIncomeRule, frenchIncomeRule } from './rules/income-class.ts';
import { moderateQuotaRule } from './rules/moderate-quota.ts';
import { suitabilityRule } from './rules/suitability.ts';

export const applicants = defineModule({
  name: 'applicants',
  dependsOn: ['organisations', 'portfolio'],
  permissions: applicantsAccess,
  lists: [applicationList, registerList],
  rules: [bedroomsNeededRule, brusselsIncomeRule, frenchIncomeRule, moderateQuotaRule, suitabilityRule],
  routes: applicantRoutes,
});
