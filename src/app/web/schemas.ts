/**
 * Stands in for Zod in the screens: `vite.config.ts` puts it in its place. A contract is written once; the server checks
 * with it, the screens take its paths, its types and the choices of its enumerations, which need none of Zod's code.
 */
type Schema = { (...given: unknown[]): Schema; [name: string]: unknown };

const checks = ['parse', 'parseAsync', 'safeParse', 'safeParseAsync', 'encode', 'decode'];

/** @throws Error when a screen wants to check: the server does */
const schemaOf = (choices?: readonly string[]): Schema =>
  new Proxy((() => undefined) as unknown as Schema, {
    get(_target, name) {
      if (name === 'options') return choices;
      if (checks.includes(String(name))) throw new Error('Schemas are for the server: the screens do not check');
      if (name === 'enum') return (values: readonly string[]) => schemaOf(values);
      return schemaOf();
    },
    apply: () => schemaOf(),
  });

export const z = schemaOf();
