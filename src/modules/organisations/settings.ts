import { type CompiledQuery, sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import { invalid } from '../../kernel/problem.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { subsidyVacancyThreshold } from '../../regulation/scales/allocation.ts';
import type { Jurisdiction } from './contract.ts';

/**
 * Choices an organisation makes where the law leaves one, or where the law could not be read: each has a schema and a
 * default, is dated, and changes by adding a value, never by rewriting one. Law itself is in `src/regulation`.
 */
export const settingDefinitions = {
  /** How many candidates the register puts before the committee for a dwelling. */
  'allocation.candidates-per-vacancy': {
    schema: z.number().int().min(1).max(20),
    defaults: { 'be-bru': 4, 'fr-idf': 3 },
  },
  /** Days a household has to answer an offer. The law sets a least (ten in France); this is what letters say. */
  'allocation.offer-response-days': {
    schema: z.number().int().min(1).max(60),
    defaults: { 'be-bru': 10, 'fr-idf': 10 },
  },
  /** Days of work planned between two tenants, until a technician says better. */
  'allocation.planned-works-days': {
    schema: z.number().int().min(0).max(365),
    defaults: { 'be-bru': 10, 'fr-idf': 12 },
  },
  /** Age below which two children of different sexes still share a bedroom; 0: they never do. */
  'applicants.children-share-until': {
    schema: z.number().int().min(0).max(18),
    defaults: { 'be-bru': 0, 'fr-idf': 0 },
  },
  /** Members present for a sitting to decide. */
  'allocation.committee-quorum': {
    schema: z.number().int().min(1).max(15),
    defaults: { 'be-bru': 3, 'fr-idf': 3 },
  },
  /** First month of rent: days of the calendar, or months of thirty days. One or the other, never mixed. */
  'tenancies.first-rent-method': {
    schema: z.enum(['calendar-days', 'thirty-days']),
    defaults: { 'be-bru': 'calendar-days', 'fr-idf': 'calendar-days' },
  },
  /** Months of rent held as deposit. */
  'tenancies.deposit-months': {
    schema: z.number().int().min(0).max(3),
    defaults: { 'be-bru': 2, 'fr-idf': 1 },
  },
  /** A dwelling's rent lost to vacancy, as a share of the rents of the year: above, it is shown in red. */
  'allocation.vacancy-threshold': {
    schema: z.number().min(0).max(1),
    defaults: { 'be-bru': subsidyVacancyThreshold.value, 'fr-idf': subsidyVacancyThreshold.value },
  },
  /** Dwellings on each side of what is due to a holder within which nothing is amiss. */
  'flow.tolerance-dwellings': {
    schema: z.number().int().min(0).max(50),
    defaults: { 'be-bru': 1, 'fr-idf': 1 },
  },
  /** « Avant le 28 février »: the 27th is the last day to send the yearly reports of the flow, or the 28th still is (L-34). */
  'flow.report-deadline': {
    schema: z.enum(['before', 'through']),
    defaults: { 'be-bru': 'before', 'fr-idf': 'before' },
  },
  /** Past years by which an exclusion without a document is forecast. Not in a text we could read: three, as in 2021. */
  'flow.exclusion-past-years': {
    schema: z.number().int().min(1).max(5),
    defaults: { 'be-bru': 3, 'fr-idf': 3 },
  },
  /** How these years make one number. */
  'flow.exclusion-past-method': {
    schema: z.enum(['mean', 'median']),
    defaults: { 'be-bru': 'mean', 'fr-idf': 'mean' },
  },
  /** The year whose sales are subtracted: the year itself, or the one after, whose dwellings are no longer let. */
  'flow.sales-counted': {
    schema: z.enum(['same-year', 'next-year']),
    defaults: { 'be-bru': 'next-year', 'fr-idf': 'next-year' },
  },
  /** Exclusions that are in no text we could read; closed unless the organisation opens them. */
  'flow.exclude-demolition': {
    schema: z.enum(['no', 'yes']),
    defaults: { 'be-bru': 'no', 'fr-idf': 'no' },
  },
  'flow.exclude-intermediated': {
    schema: z.enum(['no', 'yes']),
    defaults: { 'be-bru': 'no', 'fr-idf': 'no' },
  },
  'flow.exclude-unregulated': {
    schema: z.enum(['no', 'yes']),
    defaults: { 'be-bru': 'no', 'fr-idf': 'no' },
  },
  /** Where contractual targets are set: as the concertation has it (commune, département), or by EPCI and EPT too (F-30). */
  'flow.contractual-scale': {
    schema: z.enum(['usual', 'territory']),
    defaults: { 'be-bru': 'usual', 'fr-idf': 'usual' },
  },
  /** Residences a target must be able to fall on at least: fewer would name a programme (F-34). */
  'flow.min-target-cell': {
    schema: z.number().int().min(1).max(50),
    defaults: { 'be-bru': 2, 'fr-idf': 2 },
  },
  /** Who names candidates in a new agreement: the holder, or the landlord for it when both sign so (F-86). */
  'flow.nomination-mode': {
    schema: z.enum(['direct', 'delegated']),
    defaults: { 'be-bru': 'direct', 'fr-idf': 'direct' },
  },
} as const satisfies Record<string, { schema: z.ZodType; defaults: Record<Jurisdiction, unknown> }>;

export type SettingKey = keyof typeof settingDefinitions;
export type SettingValue<Key extends SettingKey> = z.output<(typeof settingDefinitions)[Key]['schema']>;

/** The value of a setting on a day: the organisation's last choice before it, else the default of its jurisdiction. */
export async function settingOn<Key extends SettingKey>(
  tx: Tx,
  organisation: { organisationId: string; jurisdiction: string },
  key: Key,
  on: LocalDate,
): Promise<SettingValue<Key>> {
  const { rows } = await sql<{ value: unknown }>`select value from organisations.settings
    where organisation_id = ${organisation.organisationId} and key = ${key} and valid_from <= ${on}::date
    order by valid_from desc limit 1`.execute(tx);
  return valueOrDefault(key, organisation.jurisdiction, rows[0]?.value);
}

/** The value chosen for a setting, for a route that reads in one round trip; `valueOrDefault` completes it. */
export const chosenSetting = (
  organisationId: string,
  key: SettingKey,
  on: LocalDate,
): CompiledQuery<{ value: unknown }> =>
  sql<{ value: unknown }>`select value from organisations.settings
    where organisation_id = ${organisationId} and key = ${key} and valid_from <= ${on}::date
    order by valid_from desc limit 1`.compile(statements);

/** Several at once: one statement for the actions that need many. */
export async function settingsOn<Key extends SettingKey>(
  tx: Tx,
  organisation: { organisationId: string; jurisdiction: string },
  keys: readonly Key[],
  on: LocalDate,
): Promise<{ [K in Key]: SettingValue<K> }> {
  const { rows } = await sql<{ key: string; value: unknown }>`select distinct on (key) key, value
    from organisations.settings
    where organisation_id = ${organisation.organisationId} and key = any(${[...keys]}) and valid_from <= ${on}::date
    order by key, valid_from desc`.execute(tx);
  const chosen = new Map(rows.map((row) => [row.key, row.value]));
  return Object.fromEntries(
    keys.map((key) => [key, valueOrDefault(key, organisation.jurisdiction, chosen.get(key))]),
  ) as { [K in Key]: SettingValue<K> };
}

export function valueOrDefault<Key extends SettingKey>(
  key: Key,
  jurisdiction: string,
  chosen: unknown,
): SettingValue<Key> {
  const definition = settingDefinitions[key];
  const value = chosen ?? definition.defaults[jurisdiction as Jurisdiction];
  return definition.schema.parse(value) as SettingValue<Key>;
}

/** @throws Problem E-SETTING-01 unknown; E-SETTING-02 not a value it may take */
export function requireSettingValue(key: string, value: unknown): { key: SettingKey; value: unknown } {
  if (!Object.hasOwn(settingDefinitions, key)) throw invalid('E-SETTING-01', { key });
  const parsed = settingDefinitions[key as SettingKey].schema.safeParse(value);
  if (!parsed.success) throw invalid('E-SETTING-02', { key }, [{ path: 'value', code: 'E-FIELD-FORM' }]);
  return { key: key as SettingKey, value: parsed.data };
}
