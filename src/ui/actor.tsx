import { createContext, use } from 'react';
import type { LocalDate } from '../kernel/local-date.ts';

/** Who looks at the page, as far as pages need to know. */
export type UiActor = {
  userId: string;
  name: string;
  organisationId: string;
  organisationKind: string;
  jurisdiction: string;
  today: LocalDate;
  may(permission: string): boolean;
};

const ActorContext = createContext<UiActor | null>(null);
export const ActorProvider = ActorContext;

export function useActor(): UiActor {
  const actor = use(ActorContext);
  if (!actor) throw new Error('useActor outside of ActorProvider');
  return actor;
}
