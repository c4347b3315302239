import { IntlMessageFormat } from 'intl-messageformat';

/** Texts of the interface by key, in the syntax of ICU messages: `{count, plural, one {# logement} other {# logements}}`. */
export type Messages = Record<string, string>;

export type MessageValues = Record<string, string | number | boolean | Date | null | undefined>;

export const locales = { fr: 'fr-BE', nl: 'nl-BE', en: 'en-GB' } as const;

/** Writes the message of a key in a language. An unknown key is shown as it is, so that it can be seen and mended. */
export type Translate = (key: string, values?: MessageValues) => string;

export function translator(
  messages: Messages,
  language: keyof typeof locales,
  locale: string = locales[language],
): Translate {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const message = messages[key];
    if (message === undefined) return key;
    if (!message.includes('{')) return message;
    let format = compiled.get(key);
    if (!format) {
      format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
      compiled.set(key, format);
    }
    return String(format.format(values as Record<string, string>));
  };
}
