import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet } from '@tanstack/react-router';
import { ProblemAlert } from '../../ui/parts.tsx';
import { Gate } from './gate.tsx';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <ProblemAlert problem={error} onRetry={() => window.location.reload()} />,
  validateSearch: (search: Record<string, unknown>) => search,
});

/** Pages that need a session; the gate sends others to the sign-in, and back afterwards. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: () => <Gate><Shell /></Gate> });

const page = <Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load) });

const open = <Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const routes = root.addChildren([
  open('/connexion', () => import('../screens/sign-in.tsx')),
  inside.addChildren([
    createRoute({ getParentRoute: () => inside, path: '/', component: () => <Navigate to="/aujourdhui" replace /> }),
    page('/liberations', () => import('../../modules/allocation/pages/vacancies-page.tsx')),
    page('/liberations/$id', () => import('../../modules/allocation/pages/vacancy-page.tsx')),
    page('/aujourdhui', () => import('../screens/today-page.tsx')),
    page('/secteur', () => import('../screens/sector-page.tsx')),
    page('/propositions', () => import('../../modules/allocation/pages/proposals-page.tsx')),
    page('/propositions/$id', () => import('../../modules/allocation/pages/proposal-page.tsx')),
    page('/ou-en-suis-je', () => import('../../modules/flow/pages/standing-page.tsx')),
    page('/conventions', () => import('../../modules/flow/pages/agreements-page.tsx')),
    page('/orientation', () => import('../../modules/allocation/pages/to-orient-page.tsx')),
    page('/commissions', () => import('../../modules/allocation/pages/sessions-page.tsx')),
    page('/commissions/$id', () => import('../../modules/allocation/pages/session-page.tsx')),
    page('/liberations/$id/orientation', () => import('../../modules/allocation/pages/orientation-page.tsx')),
  ]),
]);

export const router = createRouter({ routeTree: routes, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
