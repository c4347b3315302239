import type { Language } from '../../kernel/schemas.ts';

/** What a mail says, in the order it says it. Every part is plain text of one line. */
export type MailContent = {
  greeting: string;
  paragraphs: string[];
  items?: string[];
  /** Where it leads: a path of the program, made whole when the mail leaves. */
  link?: { label: string; path: string };
  /** Smaller, at the end: why one receives it, what to do about it. */
  notes?: string[];
};

/** The two bodies of a mail, of the same words: plain text, and HTML in which everything is escaped. */
export function renderMail(
  content: MailContent,
  { language, baseUrl }: { language: Language; baseUrl: string },
): { text: string; html: string } {
  const { greeting, paragraphs, items = [], link, notes = [] } = content;
  const address = link && `${baseUrl}${link.path}`;
  const text = [
    oneLine(greeting),
    ...paragraphs.map(oneLine),
    items.map((item) => `- ${oneLine(item)}`).join('\n'),
    link && `${oneLine(link.label)}\n${address}`,
    notes.length > 0 && `--\n${notes.map(oneLine).join('\n')}`,
  ];
  const html = [
    ...[greeting, ...paragraphs].map((line) => `<p>${escaped(line)}</p>`),
    items.length > 0 && `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`,
    link && `<p><a href="${escaped(address!)}">${escaped(link.label)}</a></p>`,
    ...notes.map((line) => `<p><small>${escaped(line)}</small></p>`),
  ];
  return {
    text: `${text.filter(Boolean).join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>${html.filter(Boolean).join('')}</body></html>`,
  };
}

/**
 * The text as one line: no line break, no control, no mark that turns the direction of reading. What a person typed
 * can then neither begin a header nor a line that looks like ours.
 */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => oneLine(text).replace(/[&<>"']/g, (character) => entities[character]!);
