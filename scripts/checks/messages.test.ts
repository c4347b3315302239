import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/kernel/schemas.ts';
import { faultsOf } from './messages.ts';

const nbsp = '\u00a0';

describe('a message beside the French one', () => {
  test.each<[string, Language, string, string, string[]]>([
    ['a translation', 'nl', 'Woning', 'Logement', []],
    ['a copy', 'nl', 'Aucun logement', 'Aucun logement', ['is the French text']],
    ['a word both languages have', 'en', 'Orientation', 'Orientation', []],
    ['that word in a language that has it not', 'nl', 'Orientation', 'Orientation', ['is the French text']],
    ['codes and units', 'en', 'T{value} · QPV · m²', 'T{value} · QPV · m²', []],
    ['a value lost', 'en', 'Rank', 'Rang {rank}', ['placeholders differ from fr.json']],
    ['a value under another name', 'en', 'Rank {place}', 'Rang {rank}', ['placeholders differ from fr.json']],
    ['a plural where French needs none', 'en', '{n, plural, one {# month} other {# months}}', '{n} mois', []],
    [
      'a closed list with a word missing',
      'nl',
      '{by, select, tenant {huurder} other {beide}}',
      '{by, select, tenant {locataire} landlord {bailleur} other {les deux}}',
      ['placeholders differ from fr.json'],
    ],
    [
      'a plural of another language',
      'nl',
      '{n, plural, one {# woning} few {# woningen} other {# woningen}}',
      '{n, plural, one {# logement} other {# logements}}',
      ['a plural has no category “few” here'],
    ],
    ['typewriter quotes', 'en', 'The role "{role}"', 'Le rôle {role}', ['wants typographic quotes']],
    ['an ordinary space before a colon', 'fr', 'Total : {n}', 'Total : {n}', ['wants no-break spaces']],
    ['a no-break space before it', 'fr', `Total${nbsp}: {n}`, `Total${nbsp}: {n}`, []],
  ])('%s', (_, language, message, french, faults) => {
    expect(faultsOf(message, language, french)).toEqual(faults);
  });

  test('a message that cannot be read says why', () => {
    expect(faultsOf('{n, plural, one {# woning}}', 'nl', '{n}')).toEqual([expect.stringContaining('OTHER')]);
  });
});
