import { organisations } from '../modules/organisations/module.ts';
import type { Module } from '../platform/module.ts';

/** Every module, in order of dependence: a module may use those above it, and declares which. */
export const modules: readonly Module[] = [organisations];

/** Which roles hold each permission. */
export const permissions: ReadonlyMap<string, readonly string[]> = new Map(
  modules.flatMap((module) => Object.entries(module.permissions ?? {})),
);
