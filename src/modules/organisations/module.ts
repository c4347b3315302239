import { defineModule } from '../../platform/module.ts';
import { organisationsAccess } from './access.ts';
import { organisationRoutes } from './routes.ts';

export const organisations = defineModule({
  name: 'organisations',
  dependsOn: [],
  publishes: ['organisations.organisations', 'organisations.users', 'organisations.municipalities'],
  permissions: organisationsAccess,
  routes: organisationRoutes,
});
