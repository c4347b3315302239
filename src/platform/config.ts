import path from 'node:path';
import { z } from 'zod';
import { isLocalDate, type LocalDate } from '../kernel/local-date.ts';

/** What the environment may say. Everything has a default: an empty environment starts the demonstration. */
const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PALIER_DATA: z.string().min(1).optional(),
  PALIER_DEMO: z.enum(['0', '1']).default('1'),
  PALIER_TODAY: z.string().refine(isLocalDate, 'must be a day, written 2026-11-22').optional(),
  /** Address under which people reach the program, when a proxy stands in front: used for cookies and links. */
  PALIER_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs sessions and derives the passwords of the database roles. Made and kept in the data folder when absent. */
  PALIER_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DB_PREPARED: z.enum(['on', 'off']).default('on'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default('Palier <palier@localhost>'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  NODE_ENV: z.string().optional(),
});

export type Config = {
  /** Undefined: 4000, or the next free one. */
  port: number | undefined;
  host: string;
  /** Where people reach the program; undefined: at `host` and `port`. */
  publicUrl: string | undefined;
  /** Undefined: chosen by `chooseDataFolder`. */
  dataFolder: string | undefined;
  databaseUrl: string | undefined;
  secret: string | undefined;
  preparedStatements: boolean;
  demo: boolean;
  today: LocalDate | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  logLevel: string;
  production: boolean;
};

/** A setting of the environment that cannot be used, said in words. */
export class ConfigError extends Error {}

/** @throws ConfigError naming each setting that cannot be used and why. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const named = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = environment.safeParse(named);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  if (production && values.PALIER_TODAY) {
    throw new ConfigError('PALIER_TODAY sets a test clock: it is refused in production. Remove it.');
  }
  if (production && values.DATABASE_URL && !values.PALIER_SECRET) {
    throw new ConfigError('PALIER_SECRET is needed in production with DATABASE_URL: several programs must share it.');
  }
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PALIER_URL?.replace(/\/$/, ''),
    dataFolder: values.PALIER_DATA && path.resolve(values.PALIER_DATA),
    databaseUrl: values.DATABASE_URL,
    secret: values.PALIER_SECRET,
    preparedStatements: values.DB_PREPARED === 'on',
    demo: values.PALIER_DEMO === '1',
    today: values.PALIER_TODAY as LocalDate | undefined,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    logLevel: values.LOG_LEVEL,
    production,
  };
}
