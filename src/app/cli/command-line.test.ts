import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../platform/config.ts';
import { type CommandBody, readArguments, WrongUsage } from './command.ts';
import { runCommandLine } from './command-line.ts';
import { commandNames, findCommand } from './commands.ts';
import { explain } from './complaint.ts';
import { columns, counted, duration, megabytes } from './words.ts';

let out: string[];
let errors: string[];

beforeEach(() => {
  [out, errors] = [[], []];
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text));
  vi.spyOn(console, 'error').mockImplementation((text) => void errors.push(text));
});
afterEach(() => vi.restoreAllMocks());

describe('npx palier', () => {
  test.each([
    // arguments                       code   words
    [['--help'], 0, 'verify-journal'],
    [['--version'], 0, '0.'],
    [[], 2, 'Usage'],
    [['bogus'], 2, 'Commande inconnue : bogus'],
    [['users'], 2, 'users add'],
    [['users', '--help'], 0, 'users add'],
    [['users', 'add', '--help'], 0, '--password-stdin'],
    [['backup', '--zip'], 2, 'Option inconnue : --zip'],
    [['backup', 'a', 'b'], 2, '« b » est de trop'],
    [['restore'], 2, 'Il manque <fichier>'],
    [['compute', '--list=yes'], 2, '--list n’attend pas de valeur'],
    [['verify-journal', '--organisation'], 2, '--organisation attend une valeur'],
    [['compute', 'no.such-rule'], 2, 'Aucune règle'],
    [['compute', '--list'], 0, 'allocation.vacancy-cost'],
    [['demo'], 2, '--accounts'],
  ] as const)('%j: exit code %i, says « %s »', async (args, code, words) => {
    expect(await runCommandLine(args)).toBe(code);
    expect([...out, ...errors].join('\n')).toContain(words);
  });

  test('answers wrong usage as JSON when JSON is wanted', async () => {
    expect(await runCommandLine(['backup', '--zip', '--json'])).toBe(2);
    expect(JSON.parse(out.join('\n'))).toEqual({ error: { title: 'Option inconnue : --zip.' } });
    expect(errors).toEqual([]);
  });

  test.each(commandNames)('%s has a page of help', async (name) => {
    expect(await runCommandLine([...name.split(' '), '--help'])).toBe(0);
    expect(out.join('\n')).toContain(`Usage : npx palier ${name}`);
    expect((await findCommand(name))?.summary).toBeTruthy();
  });

  test('lists every rule with the JSON schema of its input', async () => {
    await runCommandLine(['compute', '--list', '--json']);
    const { rules } = JSON.parse(out.join('\n')) as {
      rules: { name: string; input: { type?: string; anyOf?: unknown } }[];
    };
    expect(rules.length).toBeGreaterThan(8);
    for (const { input } of rules) expect(input.type ?? input.anyOf).toBeTruthy();
  });
});

describe('the arguments of a command', () => {
  const body: CommandBody = {
    arguments: ['<a>', '[b]'],
    options: { x: { type: 'string', what: '' }, y: { type: 'boolean', what: '' } },
    run: async () => ({ text: '', data: null }),
  };
  const read = (...args: string[]) => readArguments({ ...body, name: 'do', summary: 'Do' }, args, () => readConfig({}));

  test('are read', () => {
    const input = read('one', '--x', '1', '--y', '--json');
    expect(input.arguments).toEqual(['one']);
    expect([input.text('x'), input.given('x'), input.given('y'), input.json, input.help]).toEqual([
      '1',
      true,
      true,
      true,
      false,
    ]);
    expect([read('one').text('x'), read('one').given('y')]).toEqual([undefined, false]);
  });

  test('may be missing when only help is asked', () => expect(read('--help').help).toBe(true));
  test('are refused otherwise', () => expect(() => read()).toThrow(WrongUsage));
});

describe('a failure', () => {
  test.each([
    // error                                                       words
    [
      Object.assign(new Error(), { code: 'ENOSPC', path: '/data/x' }),
      'Le disque est plein. Libérez de la place, puis recommencez. (/data/x)',
    ],
    [Object.assign(new Error(), { code: '28P01' }), 'mot de passe'],
    [new Error('boom'), 'Erreur inattendue : boom'],
  ])('is said in words, without a stack', async (error, words) => {
    const { text, exitCode } = await explain(error);
    expect(text).toContain(words);
    expect(text).not.toContain('at ');
    expect(exitCode).toBe(1);
  });
});

describe('words', () => {
  test.each([
    [duration(42), '42 ms'],
    [duration(1_234), '1,2 s'],
    [megabytes(1), '1 Mo'],
    [counted(1, 'essai'), '1 essai'],
    [counted(0, 'essai'), '0 essai'],
    [counted(2, 'essai'), '2 essais'],
    [
      columns([
        ['a', 'b'],
        ['long', 'c'],
      ]),
      'a     b\nlong  c',
    ],
  ])('%s', (written, expected) => expect(written).toBe(expected));
});
