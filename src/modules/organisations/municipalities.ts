import { createRequire } from 'node:module';
import type pg from 'pg';
import { brusselsMunicipalities } from '../../regulation/zones/brussels-municipalities.ts';
import { isInParisRing } from '../../regulation/zones/paris-ring.ts';

export type Municipality = {
  code: string;
  country: 'BE' | 'FR';
  nameFr: string;
  nameNl: string | null;
  department: string | null;
  intermunicipality: string | null;
  /** The établissement public territorial in the Grand Paris, elsewhere the intermunicipality; none in Paris. */
  territory: string | null;
  postalCodes: readonly string[];
  innerRing: boolean;
  population: number;
};

type Commune = {
  code: string;
  nom: string;
  type: string;
  region: string;
  departement: string;
  codesPostaux: string[];
  population: number;
};
type Group = { code: string; nom: string; membres: { code: string }[] };

const require = createRequire(import.meta.url);
const publicList = (name: string) => require(`@etalab/decoupage-administratif/data/${name}.json`);

/** The métropole du Grand Paris: its territories answer for themselves, and Paris for itself. */
const metropole = '200054781';

/**
 * The municipalities of both regions. Île-de-France: official geographic code, intermunicipalities and territories
 * of the Grand Paris, from `@etalab/decoupage-administratif` (Licence Ouverte); Paris is one municipality.
 */
export function allMunicipalities(): Municipality[] {
  const groupOf = (list: string) => {
    const groups = new Map<string, string>();
    for (const group of publicList(list) as Group[])
      for (const member of group.membres) groups.set(member.code, group.code);
    return groups;
  };
  const [intermunicipalities, territories] = [groupOf('epci'), groupOf('ept')];
  const territoryOf = (code: string) => {
    const group = territories.get(code) ?? intermunicipalities.get(code) ?? null;
    return group === metropole ? null : group;
  };
  const french = (publicList('communes') as Commune[])
    .filter((commune) => commune.region === '11' && commune.type === 'commune-actuelle')
    .map((commune) => ({
      code: commune.code,
      country: 'FR' as const,
      nameFr: commune.nom,
      nameNl: null,
      department: commune.departement,
      intermunicipality: intermunicipalities.get(commune.code) ?? null,
      territory: territoryOf(commune.code),
      postalCodes: commune.codesPostaux,
      innerRing: isInParisRing(commune.code),
      population: commune.population,
    }));
  const belgian = brusselsMunicipalities.map((municipality) => ({
    code: municipality.code,
    country: 'BE' as const,
    nameFr: municipality.fr,
    nameNl: municipality.nl,
    department: null,
    intermunicipality: null,
    territory: null,
    postalCodes: municipality.postalCodes,
    innerRing: false,
    population: 0,
  }));
  return [...belgian, ...french];
}

/** Name of a territory of the Grand Paris by its SIREN: names change, the number does not. */
export function territoryNames(): Map<string, string> {
  return new Map((publicList('ept') as Group[]).map((group) => [group.code, group.nom]));
}

let names: Record<string, string> | undefined;

/** Names of the territories of the Grand Paris and of the intermunicipalities of Île-de-France, by their SIREN. */
export function intermunicipalityNames(): Record<string, string> {
  names ??= Object.fromEntries(
    (publicList('epci') as Group[])
      .filter(({ membres }) => membres.some(({ code }) => /^(75|77|78|9[1-5])/.test(code)))
      .map(({ code, nom }) => [code, nom] as const)
      .concat([...territoryNames()]),
  );
  return names;
}

/** Writes the public lists, if they are not there or were updated with the program. */
export async function loadMunicipalities(owner: pg.Pool): Promise<number> {
  const names = intermunicipalityNames();
  const all = allMunicipalities().map((one) => ({ ...one, territoryName: one.territory && names[one.territory] }));
  const { rowCount } = await owner.query(
    `insert into organisations.municipalities as m
       (code, country, name_fr, name_nl, department, intermunicipality, territory, territory_name, postal_codes, inner_ring)
     select code, country, "nameFr", "nameNl", department, intermunicipality, territory, "territoryName", "postalCodes", "innerRing"
     from jsonb_to_recordset($1::jsonb) as r(code text, country text, "nameFr" text, "nameNl" text, department text,
       intermunicipality text, territory text, "territoryName" text, "postalCodes" text[], "innerRing" boolean)
     on conflict (code) do update set name_fr = excluded.name_fr, name_nl = excluded.name_nl,
       department = excluded.department, intermunicipality = excluded.intermunicipality, territory = excluded.territory,
       territory_name = excluded.territory_name, postal_codes = excluded.postal_codes, inner_ring = excluded.inner_ring
     where m is distinct from excluded`,
    [JSON.stringify(all)],
  );
  return rowCount ?? 0;
}
