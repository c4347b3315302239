import { account, amount, area, choice, day, email, enterprise, floor, language, rooms, share, text, whole, year, yesNo } from './cells.ts';
import type { ImportField } from './fields.ts';

const dwellingKind = choice('dwelling-kind', {
  apartment: ['appartement', 'appt', 'flat', 'app', 'collectif', 'c', 'duplex', 'triplex', 'loft'],
  house: ['maison', 'individuel', 'pavillon', 'i', 'huis', 'eengezinswoning', 'woning'],
  studio: ['kitchenette', 'flatje'],
  room: ['chambre', 'kamer', 'kot'],
});

const programme = choice('programme', {
  ordinary: ['ordinaire', 'classique', 'gewoon', 'normal', 'standard'],
  transit: ['logement de transit', 'transitwoning'],
  student: ['étudiant', 'étudiants', 'student', 'students'],
  solidarity: ['solidaire', 'habitat solidaire', 'solidair'],
  adapted: ['adapté', 'pmr', 'aangepast'],
  'housing-first': ['housing first'],
});

const funding = choice('funding', {
  PLAI: ['pla i', 'pla lm', 'pla ts'],
  PLUS: ['pla', 'hlm', 'plus cd', 'pla cfp'],
  PLS: ['pcl', 'cls', 'pla cff'],
  PLI: ['intermédiaire', 'lli', 'intermediate'],
  OTHER: ['autre', 'autres', 'ander', 'andere'],
});

const management = choice('management', {
  flow: ['flux', 'en flux', 'gestion en flux', 'stroom'],
  stock: ['en stock', 'voorraad'],
  own: ['propre', 'liste propre', 'ais', 'eigen', 'svk', 'eigen lijst'],
});

const energyLabel = choice('energy-label', { A: [], B: [], C: [], D: [], E: [], F: [], G: [] });

const contractKind = choice('contract-kind', {
  mandate: ['mandat', 'mandat de gestion', 'mandaat', 'beheersmandaat'],
  'head-lease': ['bail principal', 'bail', 'location principale', 'hoofdhuur', 'hoofdhuurovereenkomst', 'lease'],
  emphyteusis: ['emphytéose', 'bail emphytéotique', 'erfpacht'],
  ownership: ['pleine propriété', 'propriété', 'eigendom', 'volle eigendom', 'owned'],
});

const ownerKind = choice('owner-kind', {
  person: ['personne', 'particulier', 'personne physique', 'natuurlijke persoon', 'persoon', 'private'],
  company: ['société', 'personne morale', 'entreprise', 'vennootschap', 'rechtspersoon', 'bedrijf', 'asbl', 'vzw', 'srl', 'sa'],
  public: ['organisme public', 'public', 'cpas', 'commune', 'ocmw', 'gemeente', 'overheid', 'publiek'],
});

/** One row a dwelling, with its building, its owner, the contract with the owner and the running lease. */
export const dwellingFields: readonly ImportField[] = [
  {
    name: 'reference',
    column: 'reference',
    read: text(40),
    required: true,
    headings: ['référence', 'référence du logement', 'réf logement', 'référence logement', 'numéro de logement', 'n logement', 'code logement', 'identifiant', 'id logement', 'referentie', 'referentie woning', 'woningnummer', 'dwelling', 'dwelling reference', 'numappt'],
  },
  {
    name: 'kind',
    column: 'kind',
    read: dwellingKind,
    headings: ['type', 'type de logement', 'nature', 'type de bien', 'type woning', 'soort', 'soort woning', 'dwelling kind', 'typeconst'],
  },
  {
    name: 'street',
    column: 'street',
    read: text(200),
    required: true,
    headings: ['rue', 'voie', 'nom de la voie', 'nom de rue', 'libellé de la voie', 'adresse', 'straat', 'straatnaam', 'adres', 'street name', 'address', 'nomvoie', 'adresse programme'],
  },
  {
    name: 'houseNumber',
    column: 'house_number',
    read: text(20),
    required: true,
    headings: ['numéro', 'n', 'no', 'num', 'numéro de voie', 'n de voie', 'numéro de rue', 'nummer', 'huisnummer', 'nr', 'house number', 'number', 'numvoie'],
  },
  {
    name: 'box',
    column: 'box',
    read: text(20),
    headings: ['boîte', 'bte', 'bus', 'porte', 'appartement', 'n appartement', 'busnummer', 'numboite'],
  },
  { name: 'floor', column: 'floor', read: floor, headings: ['étage', 'niveau', 'verdieping', 'etage'] },
  {
    name: 'postalCode',
    column: 'postal_code',
    read: text(10),
    required: true,
    headings: ['code postal', 'cp', 'postcode', 'post code', 'zip', 'codepostal', 'postnummer'],
  },
  {
    name: 'municipality',
    column: 'municipality_code',
    read: text(100),
    required: true,
    headings: ['commune', 'code insee', 'insee', 'nis', 'code nis', 'ville', 'localité', 'gemeente', 'stad', 'city', 'town', 'depcom', 'libcom'],
  },
  {
    name: 'bedrooms',
    column: 'bedrooms',
    read: whole(0, 20),
    headings: ['chambres', 'nombre de chambres', 'nb chambres', 'ch', 'slaapkamers', 'aantal slaapkamers', 'number of bedrooms'],
  },
  {
    name: 'rooms',
    column: 'rooms',
    read: rooms,
    headings: ['pièces', 'nombre de pièces', 'nb pièces', 'typologie', 'type t', 'nbpiece', 'kamers', 'aantal kamers', 'number of rooms'],
  },
  {
    name: 'area',
    column: 'area_m2',
    read: area,
    headings: ['surface', 'surface habitable', 'superficie', 'm2', 'surfhab', 'oppervlakte', 'bewoonbare oppervlakte', 'floor area', 'surface m2'],
  },
  {
    name: 'rent',
    column: 'rent_cents',
    read: amount,
    required: true,
    headings: ['loyer', 'loyer mensuel', 'loyer principal', 'loyer hors charges', 'loyer hc', 'loyer locataire', 'huur', 'huurprijs', 'maandhuur', 'monthly rent'],
  },
  {
    name: 'charges',
    column: 'charges_cents',
    read: amount,
    headings: ['charges locatives', 'provision pour charges', 'provisions', 'lasten', 'kosten', 'huurlasten', 'service charges'],
  },
  {
    name: 'energyLabel',
    column: 'energy_label',
    read: energyLabel,
    headings: ['peb', 'dpe', 'classe énergie', 'classe peb', 'étiquette énergie', 'certificat peb', 'epb', 'energielabel', 'epc', 'dpeenergie'],
  },
  { name: 'programme', column: 'programme', read: programme, headings: ['programma', 'type de programme', 'program'] },
  { name: 'funding', column: 'funding', read: funding, headings: ['financement', 'prêt', 'catégorie de financement', 'financiering', 'finan'] },
  { name: 'management', column: 'management', read: management, headings: ['gestion', 'mode de gestion', 'gestion des réservations', 'beheer'] },
  { name: 'accessible', column: 'accessible', read: yesNo, headings: ['accessibilité', 'accessible pmr', 'pmr', 'toegankelijk', 'rolstoeltoegankelijk'] },
  { name: 'registerId', column: 'register_id', read: text(20), headings: ['identifiant rpls', 'rpls', 'numéro rpls', 'id rpls', 'rnls', 'identrpls'] },
  {
    name: 'enteredOn',
    column: 'entered_on',
    read: day,
    headings: ['entré le', 'date d’entrée', 'date d’entrée dans le parc', 'mise en service', 'date de mise en gestion', 'in beheer sinds', 'datum in beheer', 'entry date'],
  },
  { name: 'buildingReference', column: 'building_reference', read: text(40), headings: ['référence immeuble', 'référence de l’immeuble', 'immeuble', 'code immeuble', 'résidence code', 'code résidence', 'gebouw', 'referentie gebouw', 'building', 'building reference', 'référence bâtiment'] },
  { name: 'buildingName', column: 'building_name', read: text(200), headings: ['nom de l’immeuble', 'nom immeuble', 'résidence', 'nom de la résidence', 'naam gebouw', 'residentie', 'building name'] },
  { name: 'constructionYear', column: 'construction_year', read: year(1000, 2100), headings: ['année de construction', 'construction', 'construct', 'année', 'bouwjaar', 'year built', 'construction year'] },
  { name: 'priorityArea', column: 'priority_area', read: text(20), headings: ['qpv', 'code qpv', 'quartier prioritaire', 'quartier', 'prioritaire wijk', 'priority area'] },
  { name: 'ownerReference', column: 'owner_reference', read: text(40), headings: ['référence propriétaire', 'référence du propriétaire', 'code propriétaire', 'n propriétaire', 'referentie eigenaar', 'eigenaarnummer', 'owner', 'owner reference'] },
  { name: 'ownerName', column: 'owner_name', read: text(200), headings: ['propriétaire', 'nom du propriétaire', 'nom propriétaire', 'bailleur', 'concédant', 'eigenaar', 'naam eigenaar', 'verhuurder', 'owner name', 'bs'] },
  { name: 'ownerKind', column: 'owner_kind', read: ownerKind, headings: ['type de propriétaire', 'type propriétaire', 'statut du propriétaire', 'type eigenaar', 'owner kind'] },
  { name: 'ownerEmail', column: 'owner_email', read: email, headings: ['courriel du propriétaire', 'courriel propriétaire', 'email propriétaire', 'mail propriétaire', 'e mail eigenaar', 'email eigenaar', 'owner email'] },
  { name: 'ownerPhone', column: 'owner_phone', read: text(40), headings: ['téléphone du propriétaire', 'téléphone propriétaire', 'gsm propriétaire', 'telefoon eigenaar', 'owner phone'] },
  { name: 'ownerLanguage', column: 'owner_language', read: language, headings: ['langue du propriétaire', 'langue propriétaire', 'taal eigenaar', 'owner language'] },
  { name: 'ownerIban', column: 'owner_iban', read: account, guarded: true, headings: ['iban', 'iban propriétaire', 'iban du propriétaire', 'compte bancaire', 'compte', 'rekeningnummer', 'iban eigenaar', 'owner iban'] },
  { name: 'ownerEnterpriseNumber', column: 'owner_enterprise_number', read: enterprise, headings: ['numéro d’entreprise', 'n d’entreprise', 'bce', 'tva', 'ondernemingsnummer', 'kbo', 'btw', 'enterprise number'] },
  { name: 'contractReference', column: 'contract_reference', read: text(40), headings: ['référence du contrat', 'référence contrat', 'contrat', 'n contrat', 'mandat', 'contractnummer', 'referentie contract', 'contract', 'contract reference'] },
  { name: 'contractKind', column: 'contract_kind', read: contractKind, headings: ['type de contrat', 'type contrat', 'nature du contrat', 'type contract', 'soort contract', 'contract kind'] },
  { name: 'contractStartsOn', column: 'contract_starts_on', read: day, headings: ['début du contrat', 'début contrat', 'début du mandat', 'début de gestion', 'begin contract', 'start contract', 'contract start'] },
  { name: 'contractEndsOn', column: 'contract_ends_on', read: day, headings: ['fin du contrat', 'fin contrat', 'fin du mandat', 'échéance du contrat', 'einde contract', 'contract end'] },
  { name: 'ownerRent', column: 'owner_rent_cents', read: amount, headings: ['loyer du propriétaire', 'loyer propriétaire', 'loyer versé au propriétaire', 'loyer garanti', 'huur eigenaar', 'owner rent'] },
  { name: 'feeRate', column: 'fee_rate', read: share, headings: ['frais de gestion', 'taux de frais', 'taux de gestion', 'beheerskosten', 'fee', 'fee rate', 'management fee'] },
  { name: 'tenantFamilyName', column: 'tenant_family_name', read: text(100), headings: ['nom du locataire', 'nom locataire', 'locataire', 'naam huurder', 'huurder', 'familienaam huurder', 'tenant', 'tenant name'] },
  { name: 'tenantGivenName', column: 'tenant_given_name', read: text(100), headings: ['prénom du locataire', 'prénom locataire', 'voornaam huurder', 'tenant first name', 'tenant given name'] },
  { name: 'leaseSignedOn', column: 'lease_signed_on', read: day, headings: ['bail signé le', 'date de signature du bail', 'signature du bail', 'datum ondertekening', 'ondertekend op', 'lease signed'] },
  { name: 'leaseStartsOn', column: 'lease_starts_on', read: day, headings: ['début du bail', 'date de début du bail', 'date d’effet du bail', 'entrée du locataire', 'begin huur', 'begin huurovereenkomst', 'startdatum huur', 'lease start'] },
  { name: 'tenantEmail', column: 'tenant_email', read: email, headings: ['courriel du locataire', 'courriel locataire', 'email locataire', 'e mail huurder', 'email huurder', 'tenant email'] },
  { name: 'tenantPhone', column: 'tenant_phone', read: text(40), headings: ['téléphone du locataire', 'téléphone locataire', 'gsm locataire', 'telefoon huurder', 'tenant phone'] },
];
