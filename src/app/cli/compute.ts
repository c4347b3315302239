import { text as readText } from 'node:stream/consumers';
import { invalid } from '../../kernel/problem.ts';
import { computeRule, describeRules, rules } from '../compute/rules.ts';
import { defineCommand, WrongUsage } from './command.ts';
import { columns } from './words.ts';

/** A rule of the trade on an input of one's own, without a database: its result and every step to it. */
export const compute = defineCommand({
  arguments: ['[règle]'],
  options: { list: { type: 'boolean', what: 'Nomme les règles ; avec --json, ce que chacune veut savoir' } },
  notes: [
    'L’entrée est lue en JSON sur l’entrée standard :',
    `  echo '{"rent": 65000, "from": "2026-03-01", "to": "2026-03-19"}' | npx palier compute allocation.vacancy-cost`,
  ],
  async run({ arguments: [name], given }) {
    if (given('list')) {
      const described = describeRules();
      return { text: columns(described.map(({ name, summary }) => [name, summary])), data: { rules: described } };
    }
    if (!name) throw new WrongUsage('Nommez une règle, ou demandez la liste : npx palier compute --list.');
    if (!rules.has(name))
      throw new WrongUsage(`Aucune règle ne se nomme « ${name} ». La liste : npx palier compute --list.`);
    if (process.stdin.isTTY) throw new WrongUsage(`Donnez l’entrée en JSON : npx palier compute ${name} < entree.json`);
    const computed = computeRule(name, parse(await readText(process.stdin)));
    return { text: JSON.stringify(computed, null, 2), data: computed };
  },
});

/** @throws Problem E-BODY-01 when it is not JSON */
function parse(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    throw invalid('E-BODY-01');
  }
}
