import type { Source } from '../kernel/steps.ts';

/** A text of law or an official page that was read. */
export const law = (title: string, article?: string, url?: string): Source => ({
  title,
  article,
  url,
  confidence: 'verified',
});

/** A named secondary source: federation, law firm, legal-information site, press. */
export const secondary = (title: string, article?: string, url?: string): Source => ({
  title,
  article,
  url,
  confidence: 'secondary',
});

/** Practice, estimate or memory: shown as not verified, never as law. */
export const unverified = (title: string, article?: string): Source => ({ title, article, confidence: 'unverified' });

/** A choice of the organisation, made under its settings. */
export const policy = (title: string): Source => ({ title, confidence: 'policy' });
