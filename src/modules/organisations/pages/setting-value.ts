import type { ReplyOf } from '../../../kernel/endpoint.ts';
import type { Words } from '../../../ui/words.tsx';
import type { getOrganisation } from '../contract.ts';

export type Setting = ReplyOf<typeof getOrganisation>['settings'][number];

/** How a setting is edited: a word among some, a share of a whole, or a whole number. */
export type SettingForm =
  | { kind: 'choice'; options: string[] }
  | { kind: 'share' }
  | { kind: 'count'; minimum: number; maximum: number };

/** Read from the schema the server gives: a number that may have decimals is a share, from 0 to 1. */
export function settingForm({ schema }: Pick<Setting, 'schema'>): SettingForm {
  if (Array.isArray(schema.enum)) return { kind: 'choice', options: schema.enum.map(String) };
  if (schema.type === 'number') return { kind: 'share' };
  return { kind: 'count', minimum: Number(schema.minimum), maximum: Number(schema.maximum) };
}

/** The value of a setting as people say it: « 4 candidats », « 7 % », « jours du calendrier ». */
export function settingInWords(setting: Setting, value: unknown, { t, rate }: Words): string {
  switch (settingForm(setting).kind) {
    case 'choice':
      return t(`settings.${setting.key}.${value}`);
    case 'share':
      return rate(Number(value));
    case 'count':
      return t(`settings.${setting.key}.value`, { count: Number(value) });
  }
}
