import { readConfig } from '../../platform/config.ts';
import { version } from '../version.ts';
import { type Answer, type Command, helpOf, readArguments, WrongUsage } from './command.ts';
import { commandNames, findCommand, summaries } from './commands.ts';
import { type Complaint, explain } from './complaint.ts';

/**
 * Runs a command of `npx palier`.
 * @returns the exit code: 0 done, 1 refused or failed, 2 called wrongly or data folder in use
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  try {
    const [first] = args;
    if (first === '--version') return print({ text: version(), data: { version: version() } }, json);
    if (first === undefined || first === '--help' || first === 'help') {
      console.log(overview());
      return first === undefined ? 2 : 0;
    }
    const { command, rest } = await commandOf(args);
    const input = readArguments(command, rest, () => readConfig());
    if (input.help) return print({ text: helpOf(command), data: null }, false);
    return print(await command.run(input), input.json);
  } catch (error) {
    return complain(await explain(error), error, json);
  }
}

/** @throws WrongUsage when there is no such command */
async function commandOf(args: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  const words = args.findIndex((word) => word.startsWith('-'));
  const spoken = words === -1 ? args : args.slice(0, words);
  for (const length of [2, 1]) {
    const command = spoken.length >= length ? await findCommand(spoken.slice(0, length).join(' ')) : undefined;
    if (command) return { command, rest: args.slice(length) };
  }
  const family = commandNames.filter((name) => name.startsWith(`${args[0]} `));
  if (family.length > 0 && args.includes('--help')) return { command: familyHelp(args[0]!), rest: ['--help'] };
  throw new WrongUsage(
    family.length > 0
      ? `Précisez : ${family.join(', ')}.`
      : `Commande inconnue : ${args[0]}. npx palier --help les nomme toutes.`,
  );
}

const familyHelp = (family: string): Command => ({
  name: family,
  summary: `Commandes : ${commandNames.filter((name) => name.startsWith(`${family} `)).join(', ')}`,
  run: async () => ({ text: '', data: null }),
});

function print(answer: Answer, json: boolean): number {
  const said = json ? JSON.stringify(answer.data, null, 2) : answer.text;
  if (said) console.log(said);
  return answer.failed ? 1 : 0;
}

function complain(complaint: Complaint, error: unknown, json: boolean): number {
  if (json) console.log(JSON.stringify({ error: complaint.data }, null, 2));
  else console.error(complaint.text);
  if (!json && error instanceof WrongUsage && error.command) console.error(`\n${helpOf(error.command)}`);
  return complaint.exitCode;
}

function overview(): string {
  const width = Math.max(...summaries.map(([name]) => name.length));
  return [
    `Palier ${version()} : gestion du logement social`,
    '',
    'Usage : npx palier <commande> [options]',
    '',
    ...summaries.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Chaque commande a son aide : npx palier <commande> --help. Avec --json, elle répond en JSON.',
    'Codes de sortie : 0 fait, 1 refusé ou échoué, 2 mal appelé, ou dossier de données occupé.',
  ].join('\n');
}
