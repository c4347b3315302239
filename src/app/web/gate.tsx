import { Navigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageSkeleton, ProblemAlert } from '../../ui/parts.tsx';
import { SessionProvider, useSessionQuery } from './session.tsx';

/** Lets in those who are signed in; the others sign in first, then come back to where they wanted to go. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useSessionQuery();
  const wanted = useRouterState({ select: ({ location }) => location });
  if (session.error) return <ProblemAlert problem={session.error} onRetry={() => session.refetch()} />;
  // On the way to the sign-in this page still stands: it must not ask again, with an address that names itself.
  if (session.isPending || (!session.data && wanted.pathname === '/connexion')) return <PageSkeleton />;
  if (!session.data) return <Navigate to="/connexion" search={{ to: wanted.href } as never} replace />;
  return <SessionProvider session={session.data}>{children}</SessionProvider>;
}
