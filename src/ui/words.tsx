import { createContext, type ReactNode, use } from 'react';
import { describeStep } from '../kernel/describe.ts';
import { formatAmount, formatCents, formatDay, formatFixed, formatNumber, formatRate } from '../kernel/format.ts';
import type { Translate } from '../kernel/messages.ts';
import type { Step } from '../kernel/steps.ts';

export type Language = 'fr' | 'nl' | 'en';

/** Everything a screen needs to speak: sentences, amounts, days, in the language of the person. */
export type Words = {
  language: Language;
  t: Translate;
  /** 60200 → « 602,00 € » */
  cents(value: number): string;
  /** 60200 → « 602,00 », under a heading that says the unit */
  amount(value: number): string;
  day(value: string | null | undefined): string;
  /** « 22/11 », where the year is plain */
  shortDay(value: string): string;
  moment(value: string): string;
  number(value: number | string): string;
  /** Always two decimals, for columns. */
  fixed(value: number | string): string;
  rate(value: number | string): string;
  /** A word of a closed list: `word('stage', 'to-orient')` → « À orienter » */
  word(list: string, value: string): string;
  step(step: Step): { label: string; formula: string | undefined; result: string | undefined };
};

const WordsContext = createContext<Words | null>(null);

export function WordsProvider({ language, t, children }: { language: Language; t: Translate; children: ReactNode }) {
  const moments = new Intl.DateTimeFormat({ fr: 'fr-BE', nl: 'nl-BE', en: 'en-GB' }[language], {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Brussels',
  });
  const words: Words = {
    language,
    t,
    cents: (value) => formatCents(value, language),
    amount: (value) => formatAmount(value, language),
    day: (value) => (value ? formatDay(value, language) : '–'),
    shortDay: (value) => formatDay(value, language).slice(0, 5),
    moment: (value) => moments.format(new Date(value)),
    number: (value) => formatNumber(value, language),
    fixed: (value) => formatFixed(value, language),
    rate: (value) => formatRate(value, language),
    word: (list, value) => t(`values.${list}.${value}`),
    step: (step) => describeStep(step, language, t),
  };
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = use(WordsContext);
  if (!words) throw new Error('useWords outside of WordsProvider');
  return words;
}
