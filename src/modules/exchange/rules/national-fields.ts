import { siren, uniqueRegistrationNumber } from '../../../kernel/check-digits.ts';
import { amount, type CellReader, choice, day, plainText, text, whole, year, yesNo } from './cells.ts';
import type { ImportField } from './fields.ts';

/**
 * A number of the national register: eighteen characters, letters among them for demands filed on the web. It is text: a
 * cell that a spreadsheet made a number of has lost its end, and is refused with the way to mend it (E-NATIONAL-01). Its
 * inner layout is not public, and is not checked.
 */
export const registerNumber: CellReader = (cell) => {
  if (typeof cell === 'number' || /^\s*\d(?:[.,]\d+)?\s*E\s*\+?\s*\d+\s*$/i.test(cell))
    return { code: 'E-NATIONAL-01' };
  return uniqueRegistrationNumber(plainText(cell)) ?? { code: 'E-NUR-01' };
};

const landlordNumber: CellReader = (cell) =>
  siren(typeof cell === 'number' ? String(cell).padStart(9, '0') : plainText(cell).slice(0, 20)) ?? {
    code: 'E-NATIONAL-02',
  };

/** Why a demand is closed (CCH R441-2-8), in the words of extractions and of people. */
const closureReason = choice('closure-reason', {
  attribution: [
    'attribution d’un logement',
    'attribution suivie d’un bail signé',
    'logement attribué',
    'bail signé',
    'relogé',
    'radiation pour attribution',
    'toewijzing',
    'allocated',
  ],
  withdrawal: [
    'renonciation',
    'renonciation du demandeur',
    'abandon',
    'désistement',
    'retrait',
    'afstand',
    'renounced',
  ],
  'no-reply': ['non reponse', 'non_reponse', 'sans réponse', 'absence de réponse', 'geen antwoord', 'no answer'],
  inadmissible: ['irrecevabilité', 'irrecevabilite', 'irrecevable', 'rejet pour irrecevabilité', 'onontvankelijk'],
  'not-renewed': ['non renouvellement', 'non renouvelée', 'non renouvelé', 'expiration', 'niet vernieuwd', 'expired'],
  merged: ['fusion', 'fusion de numéros', 'doublon', 'samengevoegd', 'duplicate'],
});

/** The contingent an attribution is imputed to, in the five words of the register (arrêté of 17 September 2012). */
const toldContingent = choice('told-contingent', {
  'state-staff': ['état fonctionnaires', 'etat_fonctionnaires', 'fonctionnaires', 'préfecture fonctionnaires'],
  'state-priority': ['état prioritaires', 'etat_prioritaires', 'prioritaires', 'préfecture prioritaires', 'préfet'],
  authorities: [
    'collectivités epci',
    'collectivites_epci',
    'collectivités',
    'collectivité',
    'mairie',
    'commune',
    'epci',
  ],
  employers: ['employeurs 1pct', 'employeurs_1pct', 'employeurs', '1 %', 'action logement', '1pct', 'employeurs 1 %'],
  other: ['autre', 'autres', 'non réservé', 'bailleur', 'hors contingent'],
});

const number: ImportField = {
  name: 'uniqueNumber',
  column: 'unique_number',
  read: registerNumber,
  required: true,
  headings: [
    ...['nur', 'numéro unique', 'numéro unique régional', 'numéro unique d’enregistrement', 'n unique'],
    ...['numéro unique national', 'numéro de demande', 'num unique', 'uniek nummer', 'unique number'],
  ],
};

/** Extraction of the national register: one row a demand closed. */
export const closureFields: readonly ImportField[] = [
  number,
  {
    name: 'closedOn',
    column: 'closed_on',
    read: day,
    required: true,
    headings: [
      'date de radiation',
      'radiée le',
      'radié le',
      'date radiation',
      'radiation',
      'datum schrapping',
      'closed on',
    ],
  },
  {
    name: 'reason',
    column: 'reason',
    read: closureReason,
    required: true,
    headings: ['motif de radiation', 'motif radiation', 'motif', 'raison', 'reden', 'reason'],
  },
  {
    name: 'landlordSiren',
    column: 'landlord_siren',
    read: landlordNumber,
    headings: ['siren', 'siren du bailleur', 'siren bailleur', 'n siren', 'bailleur', 'landlord siren'],
  },
  {
    name: 'leaseSignedOn',
    column: 'lease_signed_on',
    read: day,
    headings: [
      ...['date de signature du bail', 'date du bail', 'date de bail', 'date bail', 'bail signé le'],
      ...['datum huurovereenkomst', 'lease date'],
    ],
  },
  {
    name: 'registerId',
    column: 'register_id',
    read: text(40),
    headings: ['identifiant rpls', 'n rpls', 'rpls', 'numéro rpls', 'ident rpls', 'id rpls', 'rpls id'],
  },
  {
    name: 'contingent',
    column: 'contingent',
    read: toldContingent,
    headings: [
      'contingent',
      'contingent imputé',
      'contingent d’imputation',
      'contingent de réservation',
      'réservataire',
    ],
  },
  { name: 'dalo', column: 'dalo', read: yesNo, headings: ['dalo', 'reconnu dalo', 'prioritaire dalo', 'puo dalo'] },
  {
    name: 'quartile',
    column: 'quartile',
    read: whole(1, 4),
    headings: [
      ...['quartile', 'quartile vérifié', 'quartile retenu', 'quartile de ressources', 'quartile de revenus'],
      ...['kwartiel', 'income quartile'],
    ],
  },
];

/** Labels of priority households: one row a label. */
export const labelFields: readonly ImportField[] = [
  number,
  {
    name: 'label',
    column: 'label',
    read: text(80),
    required: true,
    headings: [
      ...['label', 'type de label', 'labellisation', 'type de labellisation', 'libellé', 'motif de priorité', 'public'],
      ...['public prioritaire', 'type', 'label type'],
    ],
  },
  {
    name: 'labelledOn',
    column: 'labelled_on',
    read: day,
    required: true,
    headings: [
      ...[
        'date de labellisation',
        'labellisé le',
        'labellisée le',
        'date du label',
        'date de décision',
        'date',
        'datum',
      ],
      ...['labelled on'],
    ],
  },
  {
    name: 'endsOn',
    column: 'ends_on',
    read: day,
    headings: [
      'date de fin',
      'fin',
      'fin de validité',
      'valable jusqu’au',
      'fin de labellisation',
      'einddatum',
      'ends on',
    ],
  },
  {
    name: 'commissionReference',
    column: 'commission_reference',
    read: text(80),
    headings: [
      'référence de la commission',
      'commission',
      'référence commission',
      'n de décision',
      'commissie',
      'decision',
    ],
  },
];

/** Households Action Logement names for dwellings proposed to it: one row a household. */
export const nominationFields: readonly ImportField[] = [
  {
    name: 'proposalReference',
    column: 'proposal_reference',
    read: text(60),
    required: true,
    headings: [
      ...['référence de la proposition', 'proposition', 'référence proposition', 'référence de l’offre', 'offre'],
      ...['référence du logement', 'référence logement', 'logement', 'référence', 'voorstel', 'proposal'],
    ],
  },
  number,
  {
    name: 'rank',
    column: 'holder_rank',
    read: whole(1, 999),
    headings: ['rang', 'ordre', 'position', 'rang de désignation', 'rank'],
  },
  {
    name: 'familyName',
    column: 'family_name',
    read: text(100),
    required: true,
    headings: ['nom', 'nom du ménage', 'nom de famille', 'nom du candidat', 'nom du demandeur', 'naam', 'family name'],
  },
  {
    name: 'givenName',
    column: 'given_name',
    read: text(100),
    headings: ['prénom', 'prénom du candidat', 'voornaam', 'given name'],
  },
  { name: 'adults', column: 'adults', read: whole(1, 20), headings: ['adultes', 'nombre d’adultes', 'volwassenen'] },
  {
    name: 'children',
    column: 'children',
    read: whole(0, 20),
    headings: ['enfants', 'nombre d’enfants', 'enfants à charge', 'kinderen'],
  },
  {
    name: 'income',
    column: 'income_cents',
    read: amount,
    headings: ['revenu fiscal de référence', 'rfr', 'revenus', 'revenus annuels', 'inkomen', 'yearly income'],
  },
  {
    name: 'incomeYear',
    column: 'income_year',
    read: year(1990, 2100),
    headings: ['année des revenus', 'année revenus', 'année du rfr', 'inkomstenjaar', 'year of income'],
  },
  {
    name: 'registeredOn',
    column: 'registered_on',
    read: day,
    headings: ['date de la demande', 'date de dépôt', 'demande déposée le', 'ancienneté', 'registered on'],
  },
];
