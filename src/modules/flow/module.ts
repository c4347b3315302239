import { defineModule } from '../../platform/module.ts';
import { flowAccess } from './access.ts';
import { flowRoutes } from './routes.ts';
import { orientationRule } from './rules/orientation.ts';
import { projectionRule } from './rules/projection.ts';

export const flow = defineModule({
  name: 'flow',
  dependsOn: ['organisations', 'portfolio', 'applicants'],
  permissions: flowAccess,
  rules: [orientationRule, projectionRule],
  routes: flowRoutes,
});
