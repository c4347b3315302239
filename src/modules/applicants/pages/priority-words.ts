import type { Words } from '../../../ui/words.tsx';

/** « DALO », or what was imported when it is not a priority of our list. */
export function priorityName(group: string, { t }: Pick<Words, 't'>): string {
  const key = `values.priority.${group}`;
  const said = t(key);
  return said === key ? group : said;
}
