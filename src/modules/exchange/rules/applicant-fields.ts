import { amount, choice, day, email, language, national, text, uniqueNumber, whole, year, yesNo } from './cells.ts';
import type { ImportField } from './fields.ts';

const sex = choice('sex', {
  F: ['femme', 'féminin', 'madame', 'mme', 'vrouw', 'v', 'female', 'woman'],
  M: ['homme', 'masculin', 'monsieur', 'mr', 'h', 'man', 'male'],
  X: ['autre', 'ander', 'other'],
});

/** One row a household with its application; the person named is the one of reference. */
export const applicantFields: readonly ImportField[] = [
  { name: 'number', column: 'number', read: text(40), headings: ['numéro de dossier', 'numéro', 'n dossier', 'dossier', 'numéro d’inscription', 'n inscription', 'dossiernummer', 'inschrijvingsnummer', 'nummer', 'file number', 'number'] },
  { name: 'uniqueNumber', column: 'unique_number', read: uniqueNumber, headings: ['nur', 'numéro unique', 'numéro unique régional', 'numéro unique d’enregistrement', 'n unique', 'uniek nummer', 'unique number'] },
  { name: 'familyName', column: 'family_name', read: text(100), required: true, headings: ['nom', 'nom de famille', 'nom du demandeur', 'naam', 'familienaam', 'achternaam', 'last name', 'surname', 'family name'] },
  { name: 'givenName', column: 'given_name', read: text(100), required: true, headings: ['prénom', 'prénoms', 'voornaam', 'first name', 'given name'] },
  { name: 'birthDate', column: 'birth_date', read: day, headings: ['date de naissance', 'né le', 'née le', 'né e le', 'naissance', 'geboortedatum', 'geboren op', 'birth date', 'date of birth', 'born on'] },
  { name: 'sex', column: 'sex', read: sex, headings: ['sexe', 'genre', 'civilité', 'geslacht', 'gender'] },
  { name: 'nationalNumber', column: 'national_number', read: national, guarded: true, headings: ['niss', 'numéro national', 'n national', 'registre national', 'numéro de registre national', 'rijksregisternummer', 'rijksregister', 'insz', 'national number'] },
  { name: 'language', column: 'language', read: language, headings: ['langue', 'taal'] },
  { name: 'email', column: 'email', read: email, headings: ['courriel', 'e mail', 'mail', 'adresse électronique', 'adresse mail'] },
  { name: 'phone', column: 'phone', read: text(40), headings: ['téléphone', 'tél', 'gsm', 'portable', 'mobile', 'telefoon', 'telephone'] },
  { name: 'street', column: 'street', read: text(200), headings: ['adresse', 'rue', 'rue et numéro', 'voie', 'adres', 'straat', 'straat en nummer', 'address'] },
  { name: 'postalCode', column: 'postal_code', read: text(10), headings: ['code postal', 'cp', 'postcode', 'zip'] },
  { name: 'city', column: 'city', read: text(100), headings: ['commune', 'ville', 'localité', 'gemeente', 'stad', 'plaats', 'town'] },
  { name: 'adults', column: 'adults', read: whole(1, 20), headings: ['adultes', 'nombre d’adultes', 'nb adultes', 'volwassenen', 'aantal volwassenen'] },
  { name: 'children', column: 'children', read: whole(0, 20), headings: ['enfants', 'nombre d’enfants', 'nb enfants', 'enfants à charge', 'kinderen', 'aantal kinderen'] },
  { name: 'couple', column: 'couple', read: yesNo, headings: ['en couple', 'vie en couple', 'koppel'] },
  { name: 'disabledAdults', column: 'disabled_adults', read: whole(0, 20), headings: ['adultes handicapés', 'adultes en situation de handicap', 'volwassenen met handicap'] },
  { name: 'disabledChildren', column: 'disabled_children', read: whole(0, 20), headings: ['enfants handicapés', 'enfants en situation de handicap', 'kinderen met handicap'] },
  { name: 'income', column: 'income_cents', read: amount, headings: ['revenus', 'revenu', 'revenu annuel', 'revenus annuels', 'revenu imposable', 'revenus imposables', 'revenu fiscal de référence', 'rfr', 'inkomen', 'belastbaar inkomen', 'jaarinkomen'] },
  { name: 'incomeYear', column: 'income_year', read: year(1990, 2100), headings: ['année des revenus', 'année de revenus', 'année revenus', 'inkomstenjaar', 'year of income'] },
  { name: 'incomeEarners', column: 'income_earners', read: whole(0, 10), headings: ['nombre de revenus', 'nb revenus', 'personnes avec revenus', 'aantal inkomens', 'earners'] },
  { name: 'receivedOn', column: 'received_on', read: day, required: true, headings: ['reçue le', 'reçu le', 'date de réception', 'date de demande', 'date de dépôt', 'demande reçue le', 'ontvangen op', 'datum aanvraag', 'received on'] },
  { name: 'registeredOn', column: 'registered_on', read: day, headings: ['inscrite le', 'inscrit le', 'date d’inscription', 'dossier complet le', 'ingeschreven op', 'datum inschrijving', 'registered on'] },
  { name: 'priorityGroup', column: 'priority_group', read: text(40), headings: ['priorité', 'groupe de priorité', 'groupe prioritaire', 'motif de priorité', 'prioriteit', 'priority'] },
  { name: 'quartile', column: 'quartile', read: whole(1, 4), headings: ['quartile de revenus', 'kwartiel'] },
];
