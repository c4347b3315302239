import { parseArgs } from 'node:util';
import type { Config } from '../../platform/config.ts';
import { OperatorError } from '../../platform/operator-error.ts';

/** An option of a command: `--name`, or `--name <value>`. */
export type Option = { type: 'boolean' | 'string'; value?: string; what: string };

/** What a command of `npx palier` does. Its words are French, the language of those who run it. */
export type CommandBody = {
  /** Arguments besides the options, as the help shows them: `<fichier>`, `[dossier]`. */
  arguments?: readonly string[];
  options?: Record<string, Option>;
  /** What deserves a sentence more, and an example. */
  notes?: readonly string[];
  run(input: CommandInput): Promise<Answer>;
};

/** A command with its name, of one or two words (`backup`, `users add`), and its line in the list of commands. */
export type Command = CommandBody & { name: string; summary: string };

export type CommandInput = {
  config: Config;
  arguments: string[];
  /** The value of an option, when it was given. */
  text(option: string): string | undefined;
  given(option: string): boolean;
  json: boolean;
};

/** What a command has to say, for people and for programs. `failed` when the answer is a refusal: exit code 1. */
export type Answer = { text: string; data: unknown; failed?: boolean };

export const defineCommand = (command: CommandBody): CommandBody => command;

/** The command was called wrongly. */
export class WrongUsage extends OperatorError {
  /** Whose help is shown. */
  readonly command: Command | undefined;

  constructor(message: string, command?: Command) {
    super(message, 2);
    this.command = command;
  }
}

const common: Record<string, Option> = {
  json: { type: 'boolean', what: 'Répond en JSON' },
  help: { type: 'boolean', what: 'Montre cette aide' },
};

/**
 * Reads the arguments of a command.
 * @throws WrongUsage for an unknown option, a missing or a superfluous argument
 */
export function readArguments(
  command: Command,
  args: readonly string[],
  config: () => Config,
): CommandInput & { help: boolean } {
  const options = { ...command.options, ...common };
  const parsed = parse(command, args, options);
  const values = parsed.values as Record<string, string | boolean | undefined>;
  const expected = command.arguments ?? [];
  const least = expected.filter((argument) => argument.startsWith('<')).length;
  const help = values.help === true;
  if (!help && parsed.positionals.length < least)
    throw new WrongUsage(`Il manque ${expected[parsed.positionals.length]}.`, command);
  if (!help && parsed.positionals.length > expected.length)
    throw new WrongUsage(`« ${parsed.positionals[expected.length]} » est de trop.`, command);
  return {
    help,
    // The environment is read when it is needed: help never depends on it.
    get config() {
      return config();
    },
    arguments: parsed.positionals,
    text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    given: (option) => values[option] !== undefined && values[option] !== false,
    json: values.json === true,
  };
}

function parse(command: Command, args: readonly string[], options: Record<string, Option>) {
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    return parseArgs({ args: [...args], options: types, allowPositionals: true, strict: true });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const [option] = /--?[\w-]+/.exec(message) ?? [''];
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const takesValue = options[option.slice(2)]?.type === 'string';
      throw new WrongUsage(takesValue ? `${option} attend une valeur.` : `${option} n’attend pas de valeur.`, command);
    }
    throw new WrongUsage(`Option inconnue : ${option}.`, command);
  }
}

/** The page of a command. */
export function helpOf(command: Command): string {
  const usage = ['npx palier', command.name, ...(command.arguments ?? []), '[options]'].join(' ');
  const options = Object.entries({ ...command.options, ...common }).map(([name, option]) => [
    `--${name}${option.type === 'string' ? ` <${option.value ?? 'valeur'}>` : ''}`,
    option.what,
  ]);
  const width = Math.max(...options.map(([name]) => name!.length));
  return [
    `${command.summary}.`,
    '',
    `Usage : ${usage}`,
    '',
    ...options.map(([name, what]) => `  ${name!.padEnd(width)}  ${what}`),
    ...(command.notes ? ['', ...command.notes] : []),
  ].join('\n');
}
