import { expect, test } from 'vitest';
import { parisRing } from '../../regulation/zones/paris-ring.ts';
import { allMunicipalities, territoryNames } from './municipalities.ts';

const all = allMunicipalities();
const byCode = new Map(all.map((municipality) => [municipality.code, municipality]));

test('knows the 19 municipalities of Brussels and the 1,266 of Île-de-France', () => {
  expect(all.filter((municipality) => municipality.country === 'BE')).toHaveLength(19);
  expect(all.filter((municipality) => municipality.country === 'FR')).toHaveLength(1_266);
});

test.each([...parisRing])('%s is %s in the official geographic code', (code, name) =>
  expect(byCode.get(code)?.nameFr).toBe(name),
);

test('there are 11 territories of the Grand Paris', () => expect(territoryNames().size).toBe(11));

test.each<[string, string, string | null, string]>([
  // code    department  territory      source
  ['95018', '95', '200057990', 'flux-fr 6.4: Argenteuil is in T5'],
  ['91027', '91', '200058014', 'flux-fr 6.4: Athis-Mons is in T12'],
  ['91687', '91', '200058014', 'flux-fr 6.4: Viry-Châtillon is in T12'],
  ['93048', '93', '200057875', 'flux-fr 6.4: Est Ensemble'],
  ['75056', '75', null, 'flux-fr 6.4: Paris is in no territory'],
  [
    '77108',
    '77',
    '200057958',
    'R441-5-3: outside the Grand Paris the intermunicipality, CA Paris - Vallée de la Marne',
  ],
])('%s stands in department %s and territory %s (%s)', (code, department, territory) =>
  expect(byCode.get(code)).toMatchObject({ department, territory }),
);
