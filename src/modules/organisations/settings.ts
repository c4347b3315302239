import { type CompiledQuery, sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.ts';
import { invalid, refused } from '../../kernel/problem.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import { subsidyVacancyThreshold } from '../../regulation/scales/allocation.ts';
import type { Jurisdiction } from './contract.ts';
import { frameOf } from './rules/setting-frames.ts';

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
  /** Contingents that may be credited afterwards with lettings outside the base; never deducted from what is due (F-20, L-70). */
  'flow.post-hoc-credit': {
    schema: z.enum(['none', 'state-priority', 'state-staff', 'action-logement', 'municipality', 'all']),
    defaults: { 'be-bru': 'none', 'fr-idf': 'none' },
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
  /** The year whose exclusions are declared by 28 February: the year itself, or the one after (F-17). */
  'flow.exclusion-declaration-year': {
    schema: z.enum(['same-year', 'next-year']),
    defaults: { 'be-bru': 'same-year', 'fr-idf': 'same-year' },
  },
  /** Who ends the road of a forecast, and arbitrates a setting its parties do not agree on (F-14, F-85). */
  'flow.consolidation-body': {
    schema: z.enum(['department-committee', 'crhh', 'cil']),
    defaults: { 'be-bru': 'department-committee', 'fr-idf': 'department-committee' },
  },
  /** Who gives the opinion of a territory that has no CIL yet: whom the landlord names, or the State for it (F-15). */
  'flow.provisional-body': {
    schema: z.enum(['none', 'state']),
    defaults: { 'be-bru': 'none', 'fr-idf': 'none' },
  },
  /** What an indicative target may be about: rooms, funding, priority areas; or the building too (F-31). */
  'flow.indicative-criteria': {
    schema: z.enum(['usual', 'extended']),
    defaults: { 'be-bru': 'usual', 'fr-idf': 'usual' },
  },
  /** For how long what a closed year left to give, or gave too much, is shown beside the due (flux-fr § 3.4). */
  'flow.carry-gap': {
    schema: z.enum(['none', 'one-year', 'until-end']),
    defaults: { 'be-bru': 'one-year', 'fr-idf': 'one-year' },
  },
  /** Days a partner has to answer a proposed setting; then the landlord may ask for an arbitration. */
  'flow.approval-days': {
    schema: z.number().int().min(10).max(90),
    defaults: { 'be-bru': 30, 'fr-idf': 30 },
  },
  /** The rates a new conversion begins with: observed by département and size, or one for all (F-71, F-72). */
  'flow.rotation-method': {
    schema: z.enum(['department-rooms', 'single']),
    defaults: { 'be-bru': 'department-rooms', 'fr-idf': 'department-rooms' },
  },
  /** How a new conversion gives each holder its share (F-75). */
  'flow.share-method': {
    schema: z.enum(['stock', 'turnover-weighted', 'negotiated', 'fixed']),
    defaults: { 'be-bru': 'stock', 'fr-idf': 'stock' },
  },
  /** Below so many rights a year a holder is small (F-76). */
  'flow.small-holder-below': {
    schema: z.number().int().min(0).max(20),
    defaults: { 'be-bru': 1, 'fr-idf': 1 },
  },
  /** How the volume of a small holder becomes whole rights; at least one. */
  'flow.small-holder-rounding': {
    schema: z.enum(['floor', 'nearest', 'ceil']),
    defaults: { 'be-bru': 'nearest', 'fr-idf': 'nearest' },
  },
  /** What becomes of the share of a holder whose rights are used up (F-77). */
  'flow.on-exhaustion': {
    schema: z.enum(['unreserved', 'redistribute']),
    defaults: { 'be-bru': 'unreserved', 'fr-idf': 'unreserved' },
  },
  /** From so many dwellings on, the sharing of a new programme is settled in a coordination meeting (F-79). */
  'flow.coordination-min-dwellings': {
    schema: z.number().int().min(1).max(500),
    defaults: { 'be-bru': 10, 'fr-idf': 10 },
  },
  /** Percent of a new programme kept for rehousing, out of the sharing, unless the landlord says another number (F-79). */
  'flow.new-programme-off-flow-percent': {
    schema: z.number().int().min(0).max(50),
    defaults: { 'be-bru': 0, 'fr-idf': 0 },
  },
  /** A later last day the State allows for the reports of a year: it counts for the reports due in the year of that day (L-33). */
  'flow.report-tolerance': {
    schema: z.union([z.literal('none'), z.iso.date()]),
    defaults: { 'be-bru': 'none', 'fr-idf': 'none' },
  },
} as const satisfies Record<string, { schema: z.ZodType; defaults: Record<Jurisdiction, unknown> }>;

export type SettingKey = keyof typeof settingDefinitions;
export type SettingValue<Key extends SettingKey> = z.output<(typeof settingDefinitions)[Key]['schema']>;

/** What the State fixed on a day, else what the organisation chose; null: neither. The regional null gives the choice back. */
const inForce = (organisationId: string, key: SettingKey, on: LocalDate) => sql<{ value: unknown }>`select coalesce(
    (select nullif(value, 'null') from organisations.settings where organisation_id = ${organisationId} and key = ${key}
      and layer = 'regional' and valid_from <= ${on}::date order by valid_from desc limit 1),
    (select value from organisations.settings where organisation_id = ${organisationId} and key = ${key}
      and layer = 'own' and valid_from <= ${on}::date order by valid_from desc limit 1)) as value`;

/** The value of a setting on a day: what the State fixed, else the organisation's last choice, else the default of its jurisdiction. */
export async function settingOn<Key extends SettingKey>(
  tx: Tx,
  organisation: { organisationId: string; jurisdiction: string },
  key: Key,
  on: LocalDate,
): Promise<SettingValue<Key>> {
  const { rows } = await inForce(organisation.organisationId, key, on).execute(tx);
  return valueOrDefault(key, organisation.jurisdiction, rows[0]?.value);
}

/** The value chosen for a setting, for a route that reads in one round trip; `valueOrDefault` completes it. */
export const chosenSetting = (
  organisationId: string,
  key: SettingKey,
  on: LocalDate,
): CompiledQuery<{ value: unknown }> => inForce(organisationId, key, on).compile(statements);

/** Several at once: one statement for the actions that need many. */
export async function settingsOn<Key extends SettingKey>(
  tx: Tx,
  organisation: { organisationId: string; jurisdiction: string },
  keys: readonly Key[],
  on: LocalDate,
): Promise<{ [K in Key]: SettingValue<K> }> {
  const { rows } = await sql<{ key: string; value: unknown }>`
    with last as (select distinct on (key, layer) key, layer, value from organisations.settings
      where organisation_id = ${organisation.organisationId} and key = any(${[...keys]}) and valid_from <= ${on}::date
      order by key, layer, valid_from desc)
    select distinct on (key) key, value from last where value <> 'null' order by key, layer = 'own'`.execute(tx);
  return valuesOrDefaults(
    keys,
    organisation.jurisdiction,
    Object.fromEntries(rows.map(({ key, value }) => [key, value])),
  );
}

/** What was chosen for each key, completed by the defaults. */
export const valuesOrDefaults = <Key extends SettingKey>(
  keys: readonly Key[],
  jurisdiction: string,
  chosen: Readonly<Record<string, unknown>>,
): { [K in Key]: SettingValue<K> } =>
  Object.fromEntries(keys.map((key) => [key, valueOrDefault(key, jurisdiction, chosen[key])])) as {
    [K in Key]: SettingValue<K>;
  };

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

/** The settings of the flow: what each may be, its default, where it stands in the matrix of harmonisation. */
export const flowSettings = (jurisdiction: string) =>
  (Object.keys(settingDefinitions) as SettingKey[])
    .filter((key) => frameOf(key))
    .map((key) => ({
      key,
      schema: z.toJSONSchema(settingDefinitions[key].schema) as Record<string, unknown>,
      byDefault: valueOrDefault(key, jurisdiction, undefined) as unknown,
      frame: frameOf(key)!,
    }));

/**
 * Puts an adopted proposal in force for the landlords it binds, in one statement. Row-level security lets it pass only when
 * `flow.setting_adopted` says so.
 * @throws Problem E-SETTING-04 one of them has a value for that day already
 */
export async function putInForce(
  tx: Tx,
  adopted: {
    proposalId: string;
    landlordIds: readonly string[];
    layer: 'own' | 'regional';
    key: string;
    value: unknown;
    validFrom: LocalDate;
    reason: string;
    source: string | null;
    fixedByName: string | null;
    decidedBy: string;
  },
): Promise<void> {
  const { numAffectedRows } = await sql`insert into organisations.settings
      (organisation_id, key, layer, valid_from, value, reason, decided_by, proposal_id, fixed_by_name, source)
    select landlord, ${adopted.key}, ${adopted.layer}, ${adopted.validFrom}::date, ${JSON.stringify(adopted.value)}::jsonb,
      ${adopted.reason}, ${adopted.decidedBy}, ${adopted.proposalId}::uuid, ${adopted.fixedByName}, ${adopted.source}
    from unnest(${[...adopted.landlordIds]}::uuid[]) as landlord order by landlord
    on conflict do nothing`.execute(tx);
  if (Number(numAffectedRows) !== adopted.landlordIds.length) throw refused('E-SETTING-04');
}
