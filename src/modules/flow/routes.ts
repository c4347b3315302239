import type { Api } from '../../platform/http/api.ts';
import type { Services } from '../../platform/module.ts';
import { agreementRoutes } from './agreements/routes.ts';
import { baseRoutes } from './base/routes.ts';
import { governanceRoutes } from './governance/routes.ts';
import { nationalRoutes } from './national/routes.ts';
import { orientationRoutes } from './orientation/routes.ts';
import { pointsRoutes } from './points/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { rightsRoutes } from './rights/routes.ts';
import { steeringRoutes } from './steering/routes.ts';

export function flowRoutes(api: Api, services: Services): void {
  baseRoutes(api);
  agreementRoutes(api);
  rightsRoutes(api);
  orientationRoutes(api);
  steeringRoutes(api);
  nationalRoutes(api);
  reportRoutes(api);
  pointsRoutes(api, services);
  governanceRoutes(api);
}
