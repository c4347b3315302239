/** Amounts and days as people of a language write them. Used by letters on the server and by every screen. */

type Language = 'fr' | 'nl' | 'en';

const tag = { fr: 'fr-BE', nl: 'nl-BE', en: 'en-GB' } as const;

const euros = Object.fromEntries(
  Object.entries(tag).map(([language, locale]) => [
    language,
    new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }),
  ]),
) as Record<Language, Intl.NumberFormat>;

const plain = Object.fromEntries(
  Object.entries(tag).map(([language, locale]) => [
    language,
    new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  ]),
) as Record<Language, Intl.NumberFormat>;

const whole = Object.fromEntries(
  Object.entries(tag).map(([language, locale]) => [
    language,
    new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
  ]),
) as Record<Language, Intl.NumberFormat>;

/** 60200 → « 602,00 € ». */
export const formatCents = (cents: number, language: Language): string => euros[language].format(cents / 100);

/** 60200 → « 602,00 »: in columns whose heading says the unit. */
export const formatAmount = (cents: number, language: Language): string => plain[language].format(cents / 100);

/** '4.8' → « 4,80 », -0.5 → « −0,50 »: in columns, where decimals stand under each other. */
export const formatFixed = (value: number | string, language: Language): string =>
  plain[language].format(Number(value)).replace('-', '\u2212');

/** '31.32' → « 31,32 ». At most two decimals, none when whole. */
export const formatNumber = (value: number | string, language: Language): string =>
  whole[language].format(Number(value)).replace('-', '\u2212');

/** '0.27' → « 27 % », “27%” in English. */
export const formatRate = (value: number | string, language: Language): string =>
  `${whole[language].format(Number(value) * 100)}${language === 'en' ? '' : '\u202f'}%`;

/** '2026-11-22' → « 22/11/2026 ». */
export const formatDay = (day: string, _language: Language): string =>
  `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
