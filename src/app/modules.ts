import { allocation } from '../modules/allocation/module.ts';
import { applicants } from '../modules/applicants/module.ts';
import { exchange } from '../modules/exchange/module.ts';
import { flow } from '../modules/flow/module.ts';
import { knowledge } from '../modules/knowledge/module.ts';
import { organisations } from '../modules/organisations/module.ts';
import { portfolio } from '../modules/portfolio/module.ts';
import { tenancies } from '../modules/tenancies/module.ts';
import type { Module } from '../platform/module.ts';
import { workspaceAccess } from './workspace/access.ts';

/** Every module, in order of dependence: a module may use those above it, and declares which. */
export const modules: readonly Module[] = [
  organisations,
  knowledge,
  portfolio,
  applicants,
  flow,
  tenancies,
  allocation,
  exchange,
];

/** Which roles hold each permission. */
export const permissions: ReadonlyMap<string, readonly string[]> = new Map([
  ...modules.flatMap((module) => Object.entries<readonly string[]>(module.permissions ?? {})),
  ...Object.entries<readonly string[]>(workspaceAccess),
]);
