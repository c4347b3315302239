import { createContext, type ReactNode, use } from 'react';

/** What screens ask of the program around them, so that they know no module: views, timelines, drafts, long work. */
export type UiServices = {
  listViews(list: string): Promise<SavedView[]>;
  saveView(list: string, view: { name: string; state: Record<string, unknown>; shared: boolean }): Promise<void>;
  deleteView(list: string, id: string): Promise<void>;
  timeline(kind: string, id: string): Promise<TimelineEvent[]>;
  readDraft(key: string): Promise<Record<string, unknown> | null>;
  keepDraft(key: string, content: Record<string, unknown>): Promise<void>;
  forgetDraft(key: string): Promise<void>;
  /** Asks a long work to stop; what it had not committed is undone. */
  stopJob(id: string): Promise<void>;
};

export type SavedView = { id: string; name: string; state: Record<string, unknown>; shared: boolean; own: boolean };

export type TimelineEvent = {
  id: string;
  at: string;
  kind: string;
  actor: string | null;
  organisation: string | null;
  onBehalfOf: string | null;
  reason: string | null;
  facts: Record<string, unknown>;
  entry: number | null;
};

const ServicesContext = createContext<UiServices | null>(null);

export const ServicesProvider = ({ services, children }: { services: UiServices; children: ReactNode }) => (
  <ServicesContext value={services}>{children}</ServicesContext>
);

export function useServices(): UiServices {
  const services = use(ServicesContext);
  if (!services) throw new Error('useServices outside of ServicesProvider');
  return services;
}
