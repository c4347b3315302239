import { on } from '../../platform/audit/subscribers.ts';
import { defineModule } from '../../platform/module.ts';
import { noticeRecorded, noticeWithdrawn } from '../tenancies/contract.ts';
import { allocationAccess } from './access.ts';
import { cancelVacancy, openVacancy } from './actions/vacancies.ts';
import { orientationList, planList, proposalList, sessionList, vacancyList } from './lists.ts';
import { allocationRoutes } from './routes.ts';
import { answerDeadlineRule, nominationDeadlineRule } from './rules/deadlines.ts';
import { vacancyCostRule } from './rules/vacancy-cost.ts';
import { passingOfTime } from './schedules.ts';

export const allocation = defineModule({
  name: 'allocation',
  dependsOn: ['organisations', 'knowledge', 'portfolio', 'applicants', 'flow', 'tenancies'],
  permissions: allocationAccess,
  lists: [vacancyList, orientationList, planList, proposalList, sessionList],
  rules: [vacancyCostRule, answerDeadlineRule, nominationDeadlineRule],
  schedules: [passingOfTime],
  subscribes: [on(noticeRecorded, openVacancy), on(noticeWithdrawn, cancelVacancy)],
  routes: allocationRoutes,
});
