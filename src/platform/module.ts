import type { AnyRule } from '../kernel/rule.ts';
import type { Subscription } from './audit/subscribers.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/connection.ts';
import type { Api } from './http/api.ts';
import type { Identity } from './identity/identity.ts';
import type { JobDefinition } from './jobs/jobs.ts';
import type { Schedule } from './jobs/schedules.ts';
import type { AnyList } from './lists/list.ts';

/** What a module may use of the program at work. */
export type Services = {
  config: Config;
  database: Database;
  identity: Identity;
  clock: Clock;
  secret: string;
  /** Address under which people reach the program: for links in letters and mail. */
  baseUrl(): string;
  /** Where files wait between an upload and their import: outside the database, emptied by the daily work. */
  uploadFolder: string;
  /** Every list of the program: what may be extracted. */
  lists: readonly AnyList[];
};

/** The wiring of a module, in sight: read by the program, by the boundary check and by newcomers. */
export type Module = {
  name: string;
  /** Modules whose `index.ts` and `contract.ts` it may import. */
  dependsOn: readonly string[];
  /** Its tables that the SQL of other modules may read (never write): names, nothing a role should not see. */
  publishes?: readonly string[];
  /** Which roles may do what. */
  permissions?: Record<string, readonly string[]>;
  /** Lists one may extract. */
  lists?: readonly AnyList[];
  /** Rules anyone may compute. */
  rules?: readonly AnyRule[];
  routes?: (api: Api, services: Services) => void;
  jobs?: readonly JobDefinition<never>[];
  schedules?: readonly Schedule[];
  subscribes?: readonly Subscription[];
};

export const defineModule = (module: Module): Module => module;
