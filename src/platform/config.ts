import path from 'node:path';
import { z } from 'zod';
import { isLocalDate, type LocalDate } from '../kernel/local-date.ts';
import { OperatorError } from './operator-error.ts';

const portRange = 'doit être un nombre de 0 à 65535';
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What the environment may say. Everything has a default: an empty environment starts the demonstration. */
const environment = z.object({
  PORT: z.coerce.number(portRange).int(portRange).min(0, portRange).max(65_535, portRange).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PALIER_DATA: z.string().min(1).optional(),
  PALIER_DEMO: z.enum(['0', '1'], 'vaut 0 ou 1').default('1'),
  PALIER_TODAY: z.string().refine(isLocalDate, 'doit être un jour, écrit 2026-11-22').optional(),
  /** Address under which people reach the program, when a proxy stands in front: used for cookies and links. */
  PALIER_URL: z
    .url({ protocol: /^https?$/, error: 'doit être une adresse complète, https://palier.exemple.be' })
    .optional(),
  /** Signs sessions and derives the passwords of the database roles. Made and kept in the data folder when absent. */
  PALIER_SECRET: z.string().min(32, 'doit compter au moins 32 caractères').optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'doit avoir la forme postgres://compte:mot-de-passe@serveur:5432/base' })
    .optional(),
  DB_PREPARED: z.enum(['on', 'off'], 'vaut on ou off').default('on'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'doit avoir la forme smtp://compte:mot-de-passe@serveur:587' })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^"<>@\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u,
      'doit avoir la forme Palier <palier@exemple.be>',
    )
    .optional(),
  LOG_LEVEL: z.enum(levels, `vaut ${levels.join(', ')}`).default('warn'),
  NODE_ENV: z.string().optional(),
});

export const defaultMailFrom = 'Palier <palier@localhost>';

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
  /** Undefined: `defaultMailFrom`, which few servers relay. */
  mailFrom: string | undefined;
  logLevel: string;
  production: boolean;
};

/** A setting of the environment that cannot be used. */
export class ConfigError extends OperatorError {}

/** @throws ConfigError naming each setting that cannot be used and why. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const named = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = environment.safeParse(named);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} : ${issue.message}`).join('\n'));
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  if (production && values.PALIER_TODAY) {
    throw new ConfigError(
      'PALIER_TODAY règle une horloge d’essai : elle est refusée en production. Retirez ce réglage.',
    );
  }
  if (production && values.DATABASE_URL && !values.PALIER_SECRET) {
    throw new ConfigError(
      'PALIER_SECRET est nécessaire en production avec DATABASE_URL : plusieurs programmes doivent le partager.',
    );
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
