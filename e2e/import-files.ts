/** The files a rental manager brings from her former tool, with the mistakes such files have. */

type Row = Record<string, string>;

/** A file as spreadsheets of this country write them: semicolons, decimal commas, days first. */
function csv(rows: readonly Row[]): Buffer {
  const names = Object.keys(rows[0]!);
  return Buffer.from(
    [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))].map((line) => line.join(';')).join('\r\n'),
  );
}

const dwelling = (index: number, changes: Row = {}): Row => ({
  Logement: `E2E-${100 + index}`,
  Type: 'appartement',
  Rue: 'Rue de la Filature',
  'N°': String(10 + index),
  'Code postal': '1030',
  Commune: 'Schaerbeek',
  Chambres: String(1 + (index % 3)),
  'Surface (m²)': '62,50',
  'Loyer mensuel': '650,00',
  'Charges locatives': '45,00',
  'Entré le': '01/03/2019',
  'Référence du propriétaire': index < 6 ? 'E2E-P1' : 'E2E-P2',
  'Nom du propriétaire': index < 6 ? 'Anne Delcourt' : 'Filature SA',
  'Type de propriétaire': index < 6 ? 'personne' : 'société',
  'IBAN du propriétaire': '',
  'Référence du contrat': index < 6 ? 'E2E-M1' : 'E2E-M2',
  'Type de contrat': 'mandat de gestion',
  'Début du contrat': '01/03/2019',
  'Fin du contrat': '29/02/2028',
  'Loyer du propriétaire': '600,00',
  ...changes,
});

/** Ten dwellings that are right; one with no street, one with a bank account that fails its check. */
export const dwellingsFile = {
  name: 'dwellings.csv',
  mimeType: 'text/csv',
  right: 10,
  buffer: csv([
    ...Array.from({ length: 10 }, (_, index) => dwelling(index)),
    dwelling(10, { Rue: '' }),
    dwelling(11, { 'IBAN du propriétaire': 'BE68 5390 0754 7035' }),
  ]),
};

const applicant = (index: number, changes: Row = {}): Row => ({
  Dossier: `E2E-2026-${100 + index}`,
  Nom: ['Haddad', 'Peeters', 'Mukendi', 'Yilmaz', 'Dubois', 'Costa', 'Janssens', 'Bah'][index % 8]!,
  Prénom: ['Amina', 'Luc', 'Grâce', 'Elif', 'Marc', 'Rosa', 'An', 'Mariam'][index % 8]!,
  'Date de naissance': `1${index % 10}/05/1985`,
  Langue: index % 3 === 0 ? 'nl' : 'fr',
  Adultes: '1',
  Enfants: String(index % 3),
  'Revenus annuels': '18 500,00',
  'Année des revenus': '2024',
  'Reçue le': '05/02/2026',
  'Inscrite le': '09/02/2026',
  NISS: '',
  ...changes,
});

/** Eight households that are right; one registered before it came, one with a national number that fails its check. */
export const applicantsFile = {
  name: 'applicants.csv',
  mimeType: 'text/csv',
  right: 8,
  buffer: csv([
    ...Array.from({ length: 8 }, (_, index) => applicant(index)),
    applicant(8, { 'Inscrite le': '01/02/2026' }),
    applicant(9, { NISS: '85.05.14-123.45' }),
  ]),
};
