import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Words } from '../../../ui/words.tsx';
import type { getOrganisation } from '../contract.ts';

export type Setting = ReplyOf<typeof getOrganisation>['settings'][number];
export type SettingShape = Pick<Setting, 'key' | 'schema'>;

/** How a setting is edited: a word among some, a share of a whole, a whole number, or a day that may be none. */
export type SettingForm =
  | { kind: 'choice'; options: string[] }
  | { kind: 'share' }
  | { kind: 'day' }
  | { kind: 'count'; minimum: number; maximum: number };

/** Read from the schema the server gives: a number that may have decimals is a share, from 0 to 1. */
export function settingForm({ schema }: Pick<Setting, 'schema'>): SettingForm {
  if (Array.isArray(schema.enum)) return { kind: 'choice', options: schema.enum.map(String) };
  if (Array.isArray(schema.anyOf)) return { kind: 'day' };
  if (schema.type === 'number') return { kind: 'share' };
  return { kind: 'count', minimum: Number(schema.minimum), maximum: Number(schema.maximum) };
}

/** The value of a setting as people say it: « 4 candidats », « 7 % », « jours du calendrier ». */
export function settingInWords(setting: SettingShape, value: unknown, { t, rate, day }: Words): string {
  switch (settingForm(setting).kind) {
    case 'choice':
      return t(`settings.${setting.key}.${value}`);
    case 'share':
      return rate(Number(value));
    case 'day':
      return value === 'none' ? t(`settings.${setting.key}.none`) : day(String(value));
    case 'count':
      return t(`settings.${setting.key}.value`, { count: Number(value) });
  }
}

/** The value of a setting as its field shows it: a share in percent, no day as an empty one. */
export const settingTyped = (setting: SettingShape, value: unknown): string | number => {
  const { kind } = settingForm(setting);
  if (kind === 'share') return Number(value) * 100;
  return kind === 'day' && value === 'none' ? '' : (value as string | number);
};

/** What was typed in the field of a setting, as the server takes it; two decimals of a percentage are kept. */
export const settingFromTyped = (setting: SettingShape, typed: string | number): unknown => {
  const { kind } = settingForm(setting);
  if (kind === 'share') return Math.round(Number(typed) * 100) / 10_000;
  return kind === 'day' && typed === '' ? 'none' : typed;
};
