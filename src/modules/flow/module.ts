import { defineModule } from '../../platform/module.ts';
import { flowAccess } from './access.ts';
import { agreementList } from './queries.ts';
import { flowRoutes } from './routes.ts';
import { orientationRule } from './rules/orientation.ts';
import { projectionRule } from './rules/projection.ts';

export const flow = defineModule({
  name: 'flow',
  dependsOn: ['organisations', 'portfolio', 'applicants'],
  permissions: flowAccess,
  lists: [agreementList],
  rules: [orientationRule, projectionRule],
  routes: flowRoutes,
});
