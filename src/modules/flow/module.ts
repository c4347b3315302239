import { defineModule } from '../../platform/module.ts';
import { flowAccess } from './access.ts';
import { agreementList } from './agreements/queries.ts';
import { capsRule } from './agreements/rules/caps.ts';
import { dueRule } from './agreements/rules/due.ts';
import { nextTargetRule } from './agreements/rules/next-target.ts';
import { baseDwellingList, transferList } from './base/lists.ts';
import { eligibilityRule } from './base/rules/eligible-contingents.ts';
import { baseRule, volumeRule } from './base/rules/exclusion-forecast.ts';
import { contributionRule } from './base/rules/rehousing-balance.ts';
import { transferRule } from './base/rules/transfer-score.ts';
import { classesOfTheDay } from './base/schedules.ts';
import { reconciliationList } from './national/queries.ts';
import { reconciliationRule } from './national/rules/reconcile.ts';
import { residenceList } from './orientation/lists.ts';
import { firstLettingRule } from './orientation/rules/first-letting.ts';
import { planRule } from './orientation/rules/plan.ts';
import { stakesRule } from './orientation/rules/stakes.ts';
import { orientationRule } from './orientation/rules/suggestion.ts';
import { guaranteeRule } from './points/rules/guarantee.ts';
import { pointsRule } from './points/rules/points.ts';
import { reportEventList } from './reports/lists.ts';
import { reportDeadlineRule } from './reports/rules/report-deadline.ts';
import { planReportReminders } from './reports/schedules.ts';
import { rightList, scenarioList } from './rights/lists.ts';
import { conversionRule } from './rights/rules/scenario.ts';
import { flowRoutes } from './routes.ts';
import { actionList, countedList, meetingList } from './steering/lists.ts';
import { gapRule } from './steering/rules/gap.ts';
import { objectiveRule } from './steering/rules/objectives.ts';
import { projectionRule } from './steering/rules/projection.ts';
import { relettingRule } from './steering/rules/reletting-time.ts';

export const flow = defineModule({
  name: 'flow',
  dependsOn: ['organisations', 'knowledge', 'portfolio', 'applicants'],
  permissions: flowAccess,
  lists: [
    baseDwellingList,
    transferList,
    actionList,
    countedList,
    meetingList,
    agreementList,
    reconciliationList,
    reportEventList,
    residenceList,
    rightList,
    scenarioList,
  ],
  rules: [
    baseRule,
    volumeRule,
    eligibilityRule,
    contributionRule,
    transferRule,
    capsRule,
    dueRule,
    nextTargetRule,
    gapRule,
    relettingRule,
    objectiveRule,
    orientationRule,
    firstLettingRule,
    planRule,
    stakesRule,
    pointsRule,
    guaranteeRule,
    projectionRule,
    reconciliationRule,
    conversionRule,
    reportDeadlineRule,
  ],
  schedules: [classesOfTheDay, planReportReminders],
  routes: flowRoutes,
});
