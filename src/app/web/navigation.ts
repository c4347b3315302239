import type { Session } from './session.tsx';

export type Entry = {
  to: string;
  label: string;
  permission: string;
  /** Other addresses that belong to it. */
  also?: readonly string[];
  /** Which count of « today » stands beside it. */
  count?: 'reminders' | 'vacancies' | 'toOrient' | 'sessions' | 'proposals' | 'jobs';
  /** Kinds of organisation that have it; all without. */
  kinds?: readonly string[];
  jurisdiction?: string;
};

const bodies = ['agency', 'landlord'] as const;
const holders = ['holder', 'municipality', 'state'] as const;

/** The navigation by job: what a person may not do is not there. */
export const navigation: { group: string | null; entries: Entry[] }[] = [
  {
    group: null,
    entries: [
      { to: '/aujourdhui', label: 'nav.today', permission: 'session', count: 'reminders' },
      {
        to: '/propositions',
        label: 'nav.proposals',
        permission: 'proposals.read',
        count: 'proposals',
        kinds: [...holders, 'territory'],
      },
      {
        to: '/ou-en-suis-je',
        also: ['/flux/actions'],
        label: 'nav.standing',
        permission: 'proposals.read',
        kinds: [...holders, 'territory'],
      },
      { to: '/secteur', label: 'nav.sector', permission: 'sector.read' },
      { to: '/liberations', label: 'nav.vacancies', permission: 'vacancies.read', count: 'vacancies', kinds: bodies },
      { to: '/candidats', label: 'nav.applicants', permission: 'applicants.read' },
      { to: '/commissions', label: 'nav.sessions', permission: 'committee.read', count: 'sessions', kinds: bodies },
      {
        to: '/biens',
        also: ['/proprietaires', '/contrats'],
        label: 'nav.dwellings',
        permission: 'portfolio.read',
        kinds: bodies,
      },
      { to: '/baux', label: 'nav.tenancies', permission: 'tenancies.read', kinds: bodies },
    ],
  },
  {
    group: 'nav.flow',
    entries: [
      {
        to: '/flux',
        also: ['/reunions'],
        label: 'nav.steering',
        permission: 'flow.steer',
        jurisdiction: 'fr-idf',
        kinds: ['landlord'],
      },
      { to: '/territoire', label: 'nav.flow-territory', permission: 'flow.oversee', jurisdiction: 'fr-idf' },
      {
        to: '/orientation',
        label: 'nav.orientation',
        permission: 'allocation.orient',
        count: 'toOrient',
        kinds: ['landlord'],
        jurisdiction: 'fr-idf',
      },
      {
        to: '/conventions',
        also: ['/prise-en-main'],
        label: 'nav.agreements',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: ['landlord', ...holders, 'territory'],
      },
      { to: '/assiette', label: 'nav.base', permission: 'flow.read-base', jurisdiction: 'fr-idf', kinds: ['landlord'] },
      {
        to: '/assiette/previsionnel',
        also: ['/assiette/bilan', '/assiette/documents', '/assiette/relogement'],
        label: 'nav.forecasts',
        permission: 'flow.read-forecasts',
        jurisdiction: 'fr-idf',
        kinds: [...holders, 'territory'],
      },
      {
        to: '/etat-des-lieux',
        also: ['/conversion', '/programmes-neufs'],
        label: 'nav.rights',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: ['landlord', ...holders],
      },
      {
        to: '/comptage',
        also: ['/cadre'],
        label: 'nav.counting',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: ['landlord', ...holders],
      },
      {
        to: '/cadre',
        label: 'nav.frame',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: ['territory'],
      },
      {
        to: '/bilans',
        label: 'nav.reports',
        permission: 'flow.read-reports',
        jurisdiction: 'fr-idf',
        kinds: ['landlord', ...holders, 'territory'],
      },
      {
        to: '/reunions',
        label: 'nav.meetings',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: [...holders, 'territory'],
      },
      {
        to: '/rapprochement',
        label: 'nav.reconciliation',
        permission: 'flow.read',
        jurisdiction: 'fr-idf',
        kinds: ['landlord', ...holders, 'territory'],
      },
    ],
  },
  {
    group: 'nav.organisation',
    entries: [
      { to: '/registre', label: 'nav.register', permission: 'register.read', kinds: bodies },
      { to: '/echanges', label: 'nav.exchange', permission: 'exchange.extract' },
      { to: '/equipe', label: 'nav.people', permission: 'organisations.read' },
      { to: '/travaux', label: 'nav.jobs', permission: 'jobs.read', count: 'jobs' },
      { to: '/journal', label: 'nav.journal', permission: 'journal.read' },
      { to: '/textes', label: 'nav.texts', permission: 'session' },
      { to: '/reglages', label: 'nav.settings', permission: 'organisations.read' },
    ],
  },
];

/** Whether what the reader belongs to, and does there, opens an entry. */
export function opens(session: Session, entry: Entry): boolean {
  const { kind, jurisdiction } = session.organisation;
  return (
    (entry.permission === 'session' || session.permissions.includes(entry.permission)) &&
    (!entry.kinds || entry.kinds.includes(kind)) &&
    (!entry.jurisdiction || entry.jurisdiction === jurisdiction)
  );
}

export function entriesFor(session: Session): { group: string | null; entries: Entry[] }[] {
  return navigation
    .map(({ group, entries }) => ({ group, entries: entries.filter((entry) => opens(session, entry)) }))
    .filter(({ entries }) => entries.length > 0);
}

/** Where a session begins: the day, or the figures of the sector for those who only look on. */
export function homeOf({ permissions }: Session): string {
  const works = permissions.includes('vacancies.read') || permissions.includes('proposals.read');
  return !works && permissions.includes('sector.read') ? '/secteur' : '/aujourdhui';
}

/** Pages within an entry that fewer people open than the entry itself. */
const narrower: readonly { at: RegExp; permission: string }[] = [
  { at: /^\/assiette\/mutations$/, permission: 'flow.rank-transfers' },
  { at: /^\/conversion$/, permission: 'flow.convert' },
  { at: /^\/bilans\/[^/]+\/faits$/, permission: 'flow.manage-reports' },
];

/** The entry that the page at an address belongs to: of several, one that is open to the session. */
export function entryAt(path: string, session: Session): Entry | undefined {
  const found = navigation
    .flatMap(({ entries }) => entries)
    .filter(({ to, also = [] }) => [to, ...also].some((start) => path === start || path.startsWith(`${start}/`)));
  const entry = found.find((one) => opens(session, one)) ?? found[0];
  const page = narrower.find(({ at }) => at.test(path));
  return entry && page ? { ...entry, permission: page.permission } : entry;
}
