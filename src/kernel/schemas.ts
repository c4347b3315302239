import { z } from 'zod';
import { enterpriseNumber, iban, nationalNumber, uniqueRegistrationNumber } from './check-digits.ts';
import { isLocalDate, type LocalDate } from './local-date.ts';

/**
 * Shapes shared by all contracts. A refusal carries its code as the message of the issue; the sentence is found under
 * `problems.<code>` in the reader's language.
 */
export const id = z.uuid({ error: 'E-FIELD-ID' });

export const localDate = z
  .string()
  .refine(isLocalDate, 'E-FIELD-DATE')
  .transform((text) => text as LocalDate)
  .meta({ format: 'date', example: '2026-11-22' });

/** A day in an answer: already checked, passed as it is. */
export const dayOut = z.string().meta({ format: 'date' });
export const momentOut = z.string().meta({ format: 'date-time' });

/** Whole cents, from zero. */
export const centsIn = z
  .int({ error: 'E-FIELD-AMOUNT' })
  .min(0, 'E-FIELD-AMOUNT')
  .max(100_000_000_00, 'E-FIELD-AMOUNT');
export const centsOut = z.number().meta({ description: 'Whole cents' });

export const text = (max: number) => z.string().trim().min(1, 'E-FIELD-REQUIRED').max(max, 'E-FIELD-LONG');
export const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max, 'E-FIELD-LONG')
    .transform((value) => value || null)
    .nullish()
    .transform((value) => value ?? null);

/** A number that proves itself: accepted as typed, kept in its canonical form. */
const proven = (check: (typed: string) => string | null, code: string) =>
  z.string().transform((typed, context) => {
    const value = check(typed);
    if (value === null) context.addIssue({ code: 'custom', message: code });
    return value ?? z.NEVER;
  });

export const ibanIn = proven(iban, 'E-IBAN-01');
export const nationalNumberIn = proven(nationalNumber, 'E-NISS-01');
export const enterpriseNumberIn = proven(enterpriseNumber, 'E-ENTERPRISE-01');
export const uniqueNumberIn = proven(uniqueRegistrationNumber, 'E-NUR-01');

export const language = z.enum(['fr', 'nl', 'en']);
export type Language = z.infer<typeof language>;

/** Numbers that the address line carries as text. */
export const queryNumber = z.coerce.number({ error: 'E-FIELD-NUMBER' });
export const queryList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : value.split(',')).filter(Boolean));

/** What every list accepts. */
export const listQuery = {
  cursor: z.string().max(2_000).optional(),
  limit: queryNumber.int().min(1).max(200).default(50),
  sort: z.string().max(40).optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
  /** `exact` counts to the end, whatever it costs: for the title of a page, asked once. */
  total: z.enum(['bounded', 'exact']).default('bounded'),
};

/** Text typed in a list's search box. */
export const searchText = z.string().trim().max(200).optional();

/** What every list answers. `total` stops counting at 10,000: beyond, `totalIsLeast` says « at least ». */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number(),
    totalIsLeast: z.boolean(),
  });

export type ListOf<Item> = { items: Item[]; nextCursor: string | null; total: number; totalIsLeast: boolean };

/** A value with its unit, as `Quantity` has it. */
export const quantity = z.object({ unit: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) });

/** Where a rule or a value comes from, and how far it can be trusted. */
export const source = z.object({
  title: z.string(),
  article: z.string().optional(),
  url: z.string().optional(),
  confidence: z.enum(['verified', 'secondary', 'unverified', 'policy']),
});

/** The steps of a computation, as every explained figure carries them. */
export const steps = z.array(
  z.object({
    label: z.string(),
    inputs: z.record(z.string(), quantity).optional(),
    formula: z.string().optional(),
    result: quantity.optional(),
    source: source.optional(),
  }),
);

/** What the reader may do with a record now: screens show these actions and no others. */
export const abilities = <Names extends string>(...names: Names[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.boolean()])) as Record<Names, z.ZodBoolean>);
