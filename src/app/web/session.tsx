import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import type { ReplyOf } from '../../kernel/endpoint.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { getSession } from '../../modules/organisations/contract.ts';
import { ActorProvider, type UiActor } from '../../ui/actor.tsx';
import { ApiProblem, call, requestContext } from '../../ui/api.ts';

export type Session = ReplyOf<typeof getSession>;

const SessionContext = createContext<Session | null>(null);

export const sessionQuery = {
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await call(getSession);
      chooseOrganisation(session.organisation.id);
      return session;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        if (requestContext.organisationId || requestContext.onBehalfOf) {
          forgetChoices();
          return sessionQuery.queryFn();
        }
        return null;
      }
      throw error;
    }
  },
  staleTime: 5 * 60_000,
  retry: false,
};

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const actor: UiActor = {
    userId: session.user.id,
    name: `${session.user.givenName} ${session.user.familyName}`,
    organisationId: session.organisation.id,
    organisationKind: session.organisation.kind,
    jurisdiction: session.organisation.jurisdiction,
    today: session.today as LocalDate,
    may: (permission) => session.permissions.includes(permission),
  };
  return (
    <SessionContext value={session}>
      <ActorProvider value={actor}>{children}</ActorProvider>
    </SessionContext>
  );
}

/** Who is signed in, and what may be done. Only below the sign-in. */
export function useSession(): Session & { may(permission: string): boolean } {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside of SessionProvider');
  return { ...session, may: (permission) => session.permissions.includes(permission) };
}

export const useSessionQuery = () => useQuery(sessionQuery);

/** Shows another organisation: what the cache holds belongs to the former one. */
export function useSwitchOrganisation() {
  const client = useQueryClient();
  return (organisationId: string, onBehalfOf: string | null = null) => {
    chooseOrganisation(organisationId);
    requestContext.onBehalfOf = onBehalfOf;
    if (onBehalfOf) sessionStorage.setItem('palier.on-behalf-of', onBehalfOf);
    else sessionStorage.removeItem('palier.on-behalf-of');
    client.clear();
  };
}

function chooseOrganisation(id: string): void {
  requestContext.organisationId = id;
  sessionStorage.setItem('palier.organisation', id);
  // biome-ignore lint/suspicious/noDocumentCookie: links to files carry no header, and the Cookie Store is not everywhere
  document.cookie = `palier.organisation=${id}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

export function forgetChoices(): void {
  requestContext.organisationId = null;
  requestContext.onBehalfOf = null;
  sessionStorage.removeItem('palier.organisation');
  sessionStorage.removeItem('palier.on-behalf-of');
}
