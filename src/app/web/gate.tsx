import { Navigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageSkeleton, ProblemAlert } from '../../ui/parts.tsx';
import { SessionProvider, useSessionQuery } from './session.tsx';

/** Lets in those who are signed in; the others sign in first, then come back to where they wanted to go. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useSessionQuery();
  const wanted = useRouterState({ select: (state) => state.location.href });
  if (session.error) return <ProblemAlert problem={session.error} onRetry={() => session.refetch()} />;
  if (session.isPending) return <PageSkeleton />;
  if (!session.data) return <Navigate to="/connexion" search={{ to: wanted } as never} replace />;
  return <SessionProvider session={session.data}>{children}</SessionProvider>;
}
