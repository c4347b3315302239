import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from '@tanstack/react-router';
import { ProblemAlert } from '../../ui/parts.tsx';
import { Gate } from './gate.tsx';
import { loadFurtherMessages } from './messages.ts';
import { homeOf } from './navigation.ts';
import { NotFound } from './not-found.tsx';
import { useSession } from './session.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <ProblemAlert problem={error} onRetry={() => window.location.reload()} />,
  validateSearch: (search: Record<string, unknown>) => search,
});

/** Pages that need a session; the gate sends others to the sign-in, and back afterwards. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: () => (
    <Gate>
      <Shell />
    </Gate>
  ),
});

type Load = () => Promise<{ default: React.ComponentType }>;

/** What most people see first: it comes with the sentences it needs, and no more. */
const firstPage = <Path extends string>(path: Path, load: Load) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load) });

const page = <Path extends string>(path: Path, load: Load) =>
  firstPage(path, async () => {
    const [loaded] = await Promise.all([load(), loadFurtherMessages()]);
    return loaded;
  });

const open = <Path extends string>(path: Path, load: Load) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const routes = root.addChildren([
  open('/connexion', () => import('../screens/sign-in.tsx')),
  open('/invitation/$token', () => import('../screens/invitation.tsx')),
  inside.addChildren([
    createRoute({ getParentRoute: () => inside, path: '/', component: Home }),
    page('/liberations', () => import('../../modules/allocation/pages/vacancies-page.tsx')),
    page('/liberations/$id', () => import('../../modules/allocation/pages/vacancy-page.tsx')),
    firstPage('/aujourdhui', () => import('../screens/today-page.tsx')),
    page('/secteur', () => import('../screens/sector-page.tsx')),
    page('/propositions', () => import('../../modules/allocation/pages/proposals-page.tsx')),
    page('/propositions/$id', () => import('../../modules/allocation/pages/proposal-page.tsx')),
    page('/ou-en-suis-je', () => import('../../modules/flow/steering/pages/standing-page.tsx')),
    page('/flux', () => import('../../modules/flow/steering/pages/cockpit-page.tsx')),
    page('/flux/mixite', () => import('../../modules/flow/orientation/pages/commitments-page.tsx')),
    page('/flux/delais', () => import('../../modules/flow/steering/pages/relettings-page.tsx')),
    page('/flux/actions', () => import('../../modules/flow/steering/pages/actions-page.tsx')),
    page('/reunions', () => import('../../modules/flow/steering/pages/meetings-page.tsx')),
    page('/reunions/$id', () => import('../../modules/flow/steering/pages/meeting-page.tsx')),
    page('/territoire', () => import('../../modules/flow/steering/pages/territory-page.tsx')),
    page('/territoire/points', () => import('../../modules/flow/points/pages/watched-page.tsx')),
    page('/prise-en-main', () => import('../../modules/flow/steering/pages/guide-page.tsx')),
    page('/conventions', () => import('../../modules/flow/agreements/pages/agreements-page.tsx')),
    page('/conventions/$id', () => import('../../modules/flow/agreements/pages/agreement-page.tsx')),
    page('/rapprochement', () => import('../../modules/flow/national/pages/reconciliation-page.tsx')),
    page('/bilans', () => import('../../modules/flow/reports/pages/reports-page.tsx')),
    page('/bilans/$id', () => import('../../modules/flow/reports/pages/report-page.tsx')),
    page('/bilans/$id/faits', () => import('../../modules/flow/reports/pages/report-events-page.tsx')),
    page('/assiette', () => import('../../modules/flow/base/pages/base-page.tsx')),
    page('/assiette/regles', () => import('../../modules/flow/base/pages/rules-page.tsx')),
    page('/assiette/documents', () => import('../../modules/flow/base/pages/documents-page.tsx')),
    page('/assiette/previsionnel', () => import('../../modules/flow/base/pages/forecasts-page.tsx')),
    page('/assiette/previsionnel/$id', () => import('../../modules/flow/base/pages/forecast-page.tsx')),
    page('/assiette/relogement', () => import('../../modules/flow/base/pages/rehousing-page.tsx')),
    page('/assiette/mutations', () => import('../../modules/flow/base/pages/transfers-page.tsx')),
    page('/assiette/bilan', () => import('../../modules/flow/base/pages/outside-page.tsx')),
    page('/etat-des-lieux', () => import('../../modules/flow/rights/pages/inventory-page.tsx')),
    page('/conversion', () => import('../../modules/flow/rights/pages/conversion-page.tsx')),
    page('/programmes-neufs', () => import('../../modules/flow/rights/pages/programmes-page.tsx')),
    page('/cadre', () => import('../screens/frame-page.tsx')),
    page('/comptage', () => import('../../modules/flow/points/pages/counting-page.tsx')),
    page('/comptage/simulateur', () => import('../../modules/flow/points/pages/simulator-page.tsx')),
    page('/orientation/plan', () => import('../../modules/allocation/pages/orientation-plan-page.tsx')),
    page('/orientation/suivi', () => import('../../modules/allocation/pages/orientations-page.tsx')),
    page('/orientation', () => import('../../modules/allocation/pages/to-orient-page.tsx')),
    page('/commissions', () => import('../../modules/allocation/pages/sessions-page.tsx')),
    page('/commissions/$id', () => import('../../modules/allocation/pages/session-page.tsx')),
    page('/biens', () => import('../../modules/portfolio/pages/dwellings-page.tsx')),
    page('/biens/$id', () => import('../screens/dwelling-page.tsx')),
    page('/proprietaires', () => import('../../modules/portfolio/pages/owners-page.tsx')),
    page('/proprietaires/$id', () => import('../../modules/portfolio/pages/owner-page.tsx')),
    page('/contrats', () => import('../../modules/portfolio/pages/contracts-page.tsx')),
    page('/baux', () => import('../../modules/tenancies/pages/tenancies-page.tsx')),
    page('/baux/$id', () => import('../../modules/tenancies/pages/tenancy-page.tsx')),
    page('/candidats', () => import('../../modules/applicants/pages/applicants-page.tsx')),
    page('/candidats/$id', () => import('../../modules/applicants/pages/application-page.tsx')),
    page('/registre', () => import('../../modules/applicants/pages/register-page.tsx')),
    page('/liberations/$id/orientation', () => import('../../modules/allocation/pages/orientation-page.tsx')),
    page('/echanges', () => import('../../modules/exchange/pages/imports-page.tsx')),
    page('/echanges/extractions', () => import('../../modules/exchange/pages/extractions-page.tsx')),
    page('/echanges/import', () => import('../../modules/exchange/pages/new-import-page.tsx')),
    page('/echanges/imports/$id', () => import('../../modules/exchange/pages/import-page.tsx')),
    page('/equipe', () => import('../../modules/organisations/pages/people-page.tsx')),
    page('/reglages', () => import('../../modules/organisations/pages/settings-page.tsx')),
    page('/compte', () => import('../screens/account-page.tsx')),
    page('/travaux', () => import('../screens/jobs-page.tsx')),
    page('/travaux/courriels', () => import('../screens/mails-page.tsx')),
    page('/textes', () => import('../screens/texts-page.tsx')),
    page('/journal', () => import('../screens/journal-page.tsx')),
  ]),
]);

/** Whoever comes without an address is shown where their work begins. */
function Home() {
  return <Navigate to={homeOf(useSession())} replace />;
}

export const router = createRouter({ routeTree: routes, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
