import { type CellReader, choice, day, foldWord, plainText, rooms, text, whole, yesNo } from './cells.ts';
import { funding } from './dwelling-fields.ts';
import type { ImportField } from './fields.ts';

/**
 * Whose quota a right is of. The codes of the RPLS (item 63, CONTRESLOG) are another spelling: 1 State staff, 2 State
 * priority, 3 employers, 4 municipalities and other authorities, 5 agreements of the State for its staff, 6 others; 7, not
 * reserved, is no right.
 */
const contingent = choice('contingent', {
  'state-priority': [
    '2',
    'état prioritaires',
    'état',
    'préfecture',
    'préfet',
    'contingent préfectoral',
    'prioritaires',
  ],
  'state-staff': ['1', '5', 'état fonctionnaires', 'fonctionnaires', 'état agents', 'agents de l’état', 'agents'],
  municipality: ['4', 'commune', 'ville', 'mairie', 'collectivité', 'collectivités', 'gemeente'],
  intermunicipality: ['epci', 'ept', 'intercommunalité', 'établissement public territorial'],
  'action-logement': ['3', 'action logement', 'als', 'employeurs', 'employeur', '1 logement', '1 patronal'],
  department: ['département', 'conseil départemental', 'departement'],
  region: ['région', 'conseil régional', 'regio'],
  other: ['6', 'autre', 'autres', 'caf', 'msa', 'hôpital', 'andere'],
});

/** Code 7 of the RPLS, « non réservé »: such a dwelling carries no right. */
const notReserved = new Set(['7', 'non reserve', 'bailleur', 'contingent propre']);

const contingentOf: CellReader = (cell, order) =>
  notReserved.has(foldWord(plainText(cell))) ? { code: 'E-IMPORT-NOT-RESERVED' } : contingent(cell, order);

const origin = choice('rights-origin', {
  guarantee: ['garantie', 'garantie d’emprunt', 'garanties d’emprunt', 'waarborg'],
  funding: ['financement', 'subvention', 'prêt', 'participation', 'financiering'],
  land: ['foncier', 'terrain', 'apport foncier', 'bail emphytéotique', 'grond'],
  legal: ['légale', 'légal', 'loi', 'droit', 'réglementaire', 'wettelijk'],
  other: ['autre', 'autres', 'andere'],
});

const kind = choice('rights-kind', {
  recurring: ['droit de suite', 'suite', 'droits de suite', 'ds', 'récurrent', 'permanent'],
  'single-use': ['droit unique', 'unique', 'droits uniques', 'du', 'désignation unique', 'droit simple', 'un tour'],
});

/** « QPV », « hors QPV », the code of a neighbourhood, 1 or 2 as the RPLS writes them. */
const inPriorityArea: CellReader = (cell, order) => {
  const word = foldWord(plainText(cell));
  if (/^q[np][0-9a-z]{4,8}$/.test(word) || word === 'qpv' || word === 'en qpv') return true;
  return word === '2' || word === 'hors qpv' ? false : yesNo(cell, order);
};

/** References of dwellings, kept with one space between them. */
const dwellings: CellReader = (cell, order) => {
  const value = text(20_000)(cell, order);
  return typeof value === 'string'
    ? value
        .split(/[\s,;|]+/)
        .filter(Boolean)
        .join(' ')
    : value;
};

/** One row a group of rights alike: those of one holder, under one agreement, in one place, on dwellings of one kind. */
export const rightsFields: readonly ImportField[] = [
  {
    name: 'reference',
    column: 'reference',
    read: text(120),
    headings: [
      'référence de la ligne',
      'référence',
      'n ligne',
      'identifiant de la ligne',
      'referentie van de regel',
      'regel',
      'line reference',
    ],
  },
  {
    name: 'holder',
    column: 'holder_name',
    read: text(200),
    headings: [
      'réservataire',
      'nom du réservataire',
      'bénéficiaire',
      'organisme réservataire',
      'reservatiehouder',
      'reservation holder',
      'holder',
    ],
  },
  {
    name: 'contingent',
    column: 'contingent',
    read: contingentOf,
    headings: [
      'contingent',
      'contreslog',
      'contingent d’appartenance',
      'type de réservataire',
      'code contingent',
      'quota',
    ],
  },
  {
    name: 'agreementReference',
    column: 'agreement_reference',
    read: text(120),
    headings: [
      'convention',
      'référence de la convention',
      'numéro de convention',
      'n convention',
      'overeenkomst',
      'referentie van de overeenkomst',
      'agreement',
      'agreement reference',
    ],
  },
  {
    name: 'origin',
    column: 'origin',
    read: origin,
    headings: [
      'origine',
      'origine du droit',
      'contrepartie',
      'base juridique',
      'base légale',
      'oorsprong',
      'oorsprong van het recht',
      'origin',
      'origin of the right',
    ],
  },
  {
    name: 'signedOn',
    column: 'signed_on',
    read: day,
    headings: ['signée le', 'date de signature', 'date de la convention', 'ondertekend op', 'signed on'],
  },
  {
    name: 'endsOn',
    column: 'ends_on',
    read: day,
    headings: [
      'fin du droit',
      'date de fin',
      'échéance',
      'terme',
      'fin de la convention',
      'date de fin du droit',
      'einde van het recht',
      'einddatum',
      'end of the right',
      'ends on',
    ],
  },
  {
    name: 'kind',
    column: 'kind',
    read: kind,
    headings: [
      'nature du droit',
      'type de droit',
      'droit de suite ou unique',
      'nature',
      'aard van het recht',
      'kind of right',
    ],
  },
  {
    name: 'rights',
    column: 'rights',
    read: whole(1, 100_000),
    headings: [
      'nombre de droits',
      'nombre',
      'nombre de logements',
      'nb droits',
      'nb logements',
      'quantité',
      'aantal rechten',
      'aantal',
      'number of rights',
    ],
  },
  {
    name: 'municipality',
    column: 'municipality_code',
    read: text(100),
    headings: ['commune', 'code commune', 'depcom', 'insee', 'code insee', 'ville', 'gemeente', 'municipality'],
  },
  {
    name: 'inPriorityArea',
    column: 'in_priority_area',
    read: inPriorityArea,
    headings: ['qpv', 'en qpv', 'quartier prioritaire', 'prioritaire wijk', 'priority neighbourhood'],
  },
  {
    name: 'rooms',
    column: 'rooms',
    read: rooms,
    headings: [
      'typologie',
      'type de logement',
      'pièces',
      'nbpiece',
      'nombre de pièces',
      'kamers',
      'aantal kamers',
      'rooms',
    ],
  },
  {
    name: 'funding',
    column: 'funding',
    read: funding,
    headings: ['financement', 'type de financement', 'finan', 'financiering', 'funding'],
  },
  {
    name: 'constructionPeriod',
    column: 'construction_period',
    read: text(40),
    headings: [
      'période de construction',
      'année de construction',
      'construct',
      'construction',
      'bouwperiode',
      'construction period',
    ],
  },
  {
    name: 'dwellings',
    column: 'dwellings',
    read: dwellings,
    headings: [
      'logements',
      'références des logements',
      'référence du logement',
      'liste des logements',
      'woningen',
      'referenties van de woningen',
      'dwellings',
      'references of the dwellings',
    ],
  },
];
