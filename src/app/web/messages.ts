import { type Messages, type Translate, translator } from '../../kernel/messages.ts';
import type { Language } from '../../ui/words.tsx';

type Files = Record<string, () => Promise<Messages>>;

// Two chunks a language, put together when the program is built (vite.config.ts): what the first screen says, and what the
// large modules say on their own pages.
const first: Record<Language, Files> = {
  fr: import.meta.glob<Messages>(['/../../**/messages/fr.json', '!/../../modules/{exchange,flow/*}/**/messages/*'], {
    import: 'default',
  }),
  nl: import.meta.glob<Messages>(['/../../**/messages/nl.json', '!/../../modules/{exchange,flow/*}/**/messages/*'], {
    import: 'default',
  }),
  en: import.meta.glob<Messages>(['/../../**/messages/en.json', '!/../../modules/{exchange,flow/*}/**/messages/*'], {
    import: 'default',
  }),
};
const further: Record<Language, Files> = {
  fr: import.meta.glob<Messages>('/../../modules/{exchange,flow/*}/**/messages/fr.json', { import: 'default' }),
  nl: import.meta.glob<Messages>('/../../modules/{exchange,flow/*}/**/messages/nl.json', { import: 'default' }),
  en: import.meta.glob<Messages>('/../../modules/{exchange,flow/*}/**/messages/en.json', { import: 'default' }),
};

const read = async (files: Files): Promise<Messages> =>
  Object.assign({}, ...(await Promise.all(Object.values(files).map((load) => load()))));

let spoken: { language: Language; messages: Messages } | undefined;
let isWhole = false;

/** The sentences of a language: those of the first screen, and the others once a page needed them. */
export async function loadTranslator(language: Language): Promise<Translate> {
  const messages = await read(first[language]);
  if (isWhole) Object.assign(messages, await read(further[language]));
  spoken = { language, messages };
  return translator(messages, language);
}

/** Every sentence, for the pages beyond the first: it comes along with their own code. */
export async function loadFurtherMessages(): Promise<void> {
  isWhole = true;
  if (spoken) Object.assign(spoken.messages, await read(further[spoken.language]));
}
