import { fixedClock, systemClock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { contentOf, type DemonstrationAccount, demonstrationAccounts, loadDemonstration } from '../demonstration.ts';
import { bringUpToDate } from '../program.ts';
import { type Answer, defineCommand, WrongUsage } from './command.ts';
import { withDatabase } from './with-database.ts';
import { columns, progressLine } from './words.ts';

/** The accounts of the demonstration; its data anew, relative to today. */
export const demo = defineCommand({
  options: {
    accounts: { type: 'boolean', what: 'Nomme les comptes de démonstration' },
    reload: { type: 'boolean', what: 'Efface la base et recharge la démonstration, à la date du jour' },
    yes: { type: 'boolean', what: 'Accepte que tout ce que la base contient soit effacé' },
  },
  async run({ config, given }) {
    if (given('reload')) return reload(config, given('yes'));
    if (given('accounts')) return accountsAnswer(await demonstrationAccounts());
    throw new WrongUsage('Précisez --accounts ou --reload.');
  },
});

const accountsAnswer = (accounts: DemonstrationAccount[]): Answer => ({
  text: accountTable(accounts),
  data: { accounts },
});

/** The accounts as a table, their password once when it is common to all. */
export function accountTable(accounts: readonly DemonstrationAccount[]): string {
  const passwords = new Set(accounts.map(({ password }) => password));
  const common = passwords.size === 1;
  const rows = accounts.map(({ email, password, givenName, familyName, organisation, what }) => [
    email,
    ...(common ? [] : [password]),
    `${givenName} ${familyName}`,
    organisation,
    what,
  ]);
  const heading = common
    ? `Comptes de démonstration, mot de passe « ${[...passwords][0]} » :`
    : 'Comptes de démonstration :';
  return `${heading}\n${columns(rows)}`;
}

/** @throws OperatorError when the base holds something else than the demonstration, unless that was accepted */
async function reload(config: Config, accepted: boolean): Promise<Answer> {
  return withDatabase(config, 'demo', { tables: 'current', alone: true }, async (opened) => {
    const { owner } = opened.database;
    const content = await contentOf(owner);
    if (content !== 'empty' && !accepted) {
      const what = content === 'demonstration' ? 'la démonstration, et ce qui y a été ajouté' : 'vos propres données';
      throw new OperatorError(`Cette base contient ${what} : tout serait effacé. Ajoutez --yes pour l’accepter.`);
    }
    const { rows } = await owner.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`,
    );
    const schemas = rows.map(({ name }) => `"${name}"`).join(', ');
    await owner.query(
      `begin; ${schemas && `drop schema ${schemas} cascade;`} drop table public.palier_migrations; commit`,
    );
    await bringUpToDate(opened);
    const clock = config.today ? fixedClock(config.today) : systemClock;
    const progress = progressLine('Démonstration');
    await loadDemonstration(owner, clock.today(), (share) => progress.at(share)).finally(() => progress.end());
    return accountsAnswer(await demonstrationAccounts());
  });
}
