import { formatCents, formatDay, formatNumber, formatRate } from './format.ts';
import type { Translate } from './messages.ts';
import type { Quantity, Step } from './steps.ts';

type Language = 'fr' | 'nl' | 'en';

/** A quantity as its reader writes it. */
export function describeQuantity(quantity: Quantity, language: Language, t: Translate): string {
  switch (quantity.unit) {
    case 'cents':
      return formatCents(quantity.value, language);
    case 'day':
      return formatDay(quantity.value, language);
    case 'rate':
      return formatRate(quantity.value, language);
    case 'number':
      return formatNumber(quantity.value, language);
    case 'text':
      return quantity.value;
    case 'word':
      return t(`values.${quantity.value}`);
    case 'yes-no':
      return t(quantity.value ? 'values.yes' : 'values.no');
    default:
      return t(`units.${quantity.unit}`, { count: quantity.value });
  }
}

export type DescribedStep = {
  label: string;
  /** The formula with its values: « 650,00 € × 19 jours ÷ 30 jours ». */
  formula: string | undefined;
  result: string | undefined;
};

/** A step of a computation in words, for a screen or a letter. */
export function describeStep(step: Step, language: Language, t: Translate): DescribedStep {
  const inputs = Object.fromEntries(
    Object.entries(step.inputs ?? {}).map(([name, quantity]) => [name, describeQuantity(quantity, language, t)]),
  );
  return {
    label: t(`steps.${step.label}`, inputs),
    formula: step.formula?.replace(/[a-zA-Z]+/g, (name) => inputs[name] ?? name),
    result: step.result && describeQuantity(step.result, language, t),
  };
}

/** The same on one line: « Premier loyer : 650,00 € × 19 ÷ 30 = 411,67 € ». Only French spaces out its colons. */
export function sentenceOf(step: Step, language: Language, t: Translate): string {
  const { label, formula, result } = describeStep(step, language, t);
  const colon = language === 'fr' ? '\u00a0: ' : ': ';
  return [label, [formula, result].filter(Boolean).join(' = ')].filter(Boolean).join(colon);
}
