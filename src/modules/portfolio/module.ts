import { defineModule } from '../../platform/module.ts';
import { portfolioAccess } from './access.ts';
import { contractList, dwellingList, ownerList } from './lists.ts';
import { portfolioRoutes } from './routes.ts';

export const portfolio = defineModule({
  name: 'portfolio',
  dependsOn: ['organisations'],
  permissions: portfolioAccess,
  lists: [dwellingList, ownerList, contractList],
  routes: portfolioRoutes,
});
