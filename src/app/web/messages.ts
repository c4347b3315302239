import { type Messages, type Translate, translator } from '../../kernel/messages.ts';
import type { Language } from '../../ui/words.tsx';

// One chunk a language: the texts of every module, put together when the program is built.
const files = {
  fr: import.meta.glob<Messages>('/../../**/messages/fr.json', { import: 'default' }),
  nl: import.meta.glob<Messages>('/../../**/messages/nl.json', { import: 'default' }),
  en: import.meta.glob<Messages>('/../../**/messages/en.json', { import: 'default' }),
};

export async function loadTranslator(language: Language): Promise<Translate> {
  const parts = await Promise.all(Object.values(files[language]).map((load) => load()));
  return translator(Object.assign({}, ...parts), language);
}
