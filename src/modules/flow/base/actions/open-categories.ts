import type { LocalDate } from '../../../../kernel/local-date.ts';
import { refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingOn } from '../../../organisations/index.ts';
import { optionalCategories } from '../rules/categories.ts';

/**
 * The list of exclusions is closed by default (F-06): a category that is in no text we could read takes a choice of the
 * organisation, dated, under its settings.
 * @throws Problem E-BASE-03 the category was not opened
 */
export async function requireOpenCategory(
  tx: Tx,
  actor: Pick<Actor, 'organisationId' | 'jurisdiction'>,
  baseClass: string,
  on: LocalDate,
): Promise<void> {
  const category = optionalCategories.find((one) => one === baseClass);
  if (category && (await settingOn(tx, actor, `flow.exclude-${category}`, on)) === 'no')
    throw refused('E-BASE-03', { category });
}
