import fs from 'node:fs';
import path from 'node:path';
import { mod97 } from '../../src/kernel/check-digits.ts';

/**
 * Files such as an agency of Brussels takes out of its spreadsheets the day it comes to Palier: invented people, numbers that
 * prove themselves, headings that are not ours, and a few wrong rows of each kind. `node e2e/files/make-files.ts` writes them;
 * the same code gives the same bytes.
 */
export const brusselsFiles: Record<string, () => string> = {
  'brussels-dwellings.csv': brusselsDwellings,
  'brussels-applicants.csv': brusselsApplicants,
};

const familyNames = [
  ...['Haddad', 'Peeters', 'Diallo', 'Janssens', 'Yılmaz', 'Dubois', 'El Amrani', 'Kowalski', 'Mertens', 'Nguyen'],
  ...['Benali', 'Lambert', 'De Smet', 'Traoré', 'Popescu', 'Claes', 'Martin', 'Öztürk', 'Da Silva', 'Wouters'],
  ...['Bah', 'Lefèvre', 'Ivanova', 'Maes', 'Cissé', 'Renard', 'Tshibanda', 'Goossens', 'Rossi', 'Bouzid'],
];
const women = [
  'Amina',
  'Sofie',
  'Fatou',
  'Claire',
  'Elif',
  'Nadia',
  'Inès',
  'Lotte',
  'Maria',
  'Awa',
  'Anaïs',
  'Zeynep',
];
const men = [
  'Karim',
  'Jan',
  'Mamadou',
  'Luc',
  'Mehmet',
  'Youssef',
  'Hugo',
  'Pieter',
  'João',
  'Ibrahim',
  'Marc',
  'Andrei',
];
const places: [street: string, postalCode: string, town: string][] = [
  ['Rue des Ormes argentés', '1030', 'Schaerbeek'],
  ['Avenue du Vieux Lavoir', '1070', 'Anderlecht'],
  ['Chaussée des Trois Moulins', '1080', 'Molenbeek-Saint-Jean'],
  ['Rue de la Petite Senne', '1000', 'Bruxelles'],
  ['Square des Cordiers', '1210', 'Saint-Josse-ten-Noode'],
  ['Rue du Verger Clos', '1190', 'Forest'],
  ['Avenue des Faïenciers', '1140', 'Evere'],
  ['Rue du Canal Perdu', '1081', 'Koekelberg'],
];

const pick = <Item>(items: readonly Item[], n: number): Item => items[n % items.length]!;
const two = (value: number): string => String(value).padStart(2, '0');
const written = (day: number, month: number, year: number): string => `${two(day)}/${two(month)}/${year}`;
const mailOf = (given: string, family: string): string =>
  `${given}.${family}`
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ı/g, 'i')
    .toLowerCase()
    .replace(/[^a-z.]+/g, '-')
    .concat('@exemple.be');

/** A Belgian account of its own: ten digits, their remainder by 97, and the two digits of the IBAN. */
function accountOf(n: number): string {
  const ten = String(5_390_000_000 + n * 7_919);
  const number = ten + two(mod97(ten) || 97);
  return `BE${two(98 - mod97(`${number}111400`))} ${number.replace(/(.{4})(?=.)/g, '$1 ')}`;
}

/** The national number of somebody born on a day: even for a woman, odd for a man. */
function nationalNumberOf(year: number, month: number, day: number, order: number): string {
  const nine = `${two(year % 100)}${two(month)}${two(day)}${String(order).padStart(3, '0')}`;
  const check = two(97 - mod97(year >= 2000 ? `2${nine}` : nine));
  return `${nine.slice(0, 2)}.${nine.slice(2, 4)}.${nine.slice(4, 6)}-${nine.slice(6)}.${check}`;
}

/** Forty dwellings in eight buildings of ten owners; two are empty, the others let. Three rows are wrong. */
function brusselsDwellings(): string {
  const heading = [
    ...['Réf. logement', 'Nature du bien', 'Adresse', 'N°', 'Bte', 'Niveau', 'CP', 'Localité', 'Nb chambres'],
    ...['Superficie (m²)', 'Loyer HC (€)', 'Provision charges', 'Certificat PEB', 'Code immeuble', 'Construction'],
    ...['Code propriétaire', 'Bailleur', 'Statut du propriétaire', 'Mail propriétaire', 'GSM propriétaire'],
    ...['Compte bancaire', 'Mandat', 'Nature du contrat', 'Début de gestion', 'Échéance du contrat', 'Loyer garanti'],
    ...[
      'Taux de gestion',
      'Locataire',
      'Prénom locataire',
      'Signature du bail',
      'Entrée du locataire',
      'GSM locataire',
    ],
    'Remarques',
  ];
  const rows = Array.from({ length: 40 }, (_, n) => {
    const building = Math.floor(n / 5);
    const [street, postalCode, town] = pick(places, building);
    const owner = Math.floor(n / 4);
    const [ownerGiven, ownerFamily] = [pick(owner % 2 ? men : women, owner * 5), pick(familyNames, owner * 7 + 3)];
    const isCompany = owner === 4;
    const [given, family] = [pick(n % 2 ? men : women, n * 3 + 1), pick(familyNames, n * 11 + 5)];
    const bedrooms = n % 5 === 0 ? 0 : 1 + (n % 4);
    const rent = 480 + bedrooms * 95 + (n % 7) * 5;
    const since = 2012 + (n % 9);
    const isLet = n !== 17 && n !== 31;
    return [
      `L-${String(n + 1).padStart(3, '0')}`,
      bedrooms === 0 ? 'studio' : n % 13 === 0 ? 'maison' : 'appartement',
      street,
      String(4 + building * 6),
      bedrooms === 0 ? 'rez' : String((n % 5) + 1),
      n % 5 === 0 ? 'RDC' : `${n % 5}e`,
      postalCode,
      town,
      String(bedrooms),
      `${32 + bedrooms * 17},${n % 2 ? '5' : '0'}`,
      `${rent},00`,
      `${35 + bedrooms * 10},00`,
      pick(['C', 'D', 'B', 'E', 'D', 'F', 'C'], n),
      `IM-${two(building + 1)}`,
      String(1926 + building * 11),
      `P-${two(owner + 1)}`,
      isCompany ? 'Immobilière du Vieux Lavoir' : `${ownerGiven} ${ownerFamily}`,
      isCompany ? 'société' : 'particulier',
      isCompany ? 'gestion@lavoir.exemple.be' : mailOf(ownerGiven, ownerFamily),
      `0470 00 ${two(10 + owner)} 01`,
      accountOf(owner + 1),
      `M-${String(n + 1).padStart(3, '0')}`,
      n % 6 === 5 ? 'bail principal' : 'mandat de gestion',
      written(1, 1 + (n % 12), since),
      written(31, 12, since + 18),
      `${rent - 40},00`,
      '15 %',
      isLet ? family : '',
      isLet ? given : '',
      isLet ? written(10 + (n % 15), 1 + (n % 12), since + 2) : '',
      isLet ? written(1, (n % 12) + 2 > 12 ? 1 : (n % 12) + 2, (n % 12) + 2 > 12 ? since + 3 : since + 2) : '',
      isLet ? `0470 00 ${two(n)} 02` : '',
      isLet ? '' : 'vide, travaux finis',
    ];
  });
  // The rent nobody has decided, the account copied with a digit wrong, the line pasted twice.
  rows[8]![10] = 'à définir';
  for (const row of rows.slice(36)) row[20] = '';
  rows[38]![20] = accountOf(10).replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  rows[26] = [...rows[25]!];
  return fileOf([heading, ...rows]);
}

/** A hundred and twenty households in the order in which they came. Four rows are wrong, six files are not complete. */
function brusselsApplicants(): string {
  const heading = [
    ...['N° inscription', 'Nom du demandeur', 'Prénoms', 'Né(e) le', 'Civilité', 'Registre national', 'Langue'],
    ...['Adresse mail', 'GSM', 'Rue et numéro', 'CP', 'Localité', 'Nb adultes', 'Nb enfants', 'Vie en couple'],
    ...['Enfants handicapés', 'Revenus imposables (€)', 'Année revenus', 'Nb revenus', 'Demande reçue le'],
    ...['Dossier complet le', 'Suivi par'],
  ];
  const rows = Array.from({ length: 120 }, (_, n) => {
    const isWoman = n % 5 < 3;
    const [given, family] = [pick(isWoman ? women : men, n * 5 + 2), pick(familyNames, n * 7 + Math.floor(n / 30))];
    const [street, postalCode, town] = pick(places, n * 3);
    const [year, month, day] = [1952 + ((n * 13) % 50), 1 + (n % 12), 1 + (n % 28)];
    const couple = n % 3 === 0;
    const children = [0, 2, 1, 0, 3, 1, 4, 0, 2, 5][n % 10]!;
    const [received, receivedMonth] = [2017 + Math.floor(n / 14), 1 + ((n * 5) % 11)];
    const isComplete = n % 20 !== 19;
    return [
      `${received}-${String((n % 14) * 7 + 12).padStart(4, '0')}`,
      family,
      given,
      written(day, month, year),
      isWoman ? 'Mme' : 'M.',
      nationalNumberOf(year, month, day, 20 + n * 2 + (isWoman ? 0 : 1)),
      n % 4 === 3 ? 'néerlandais' : 'français',
      mailOf(given, family),
      `0470 01 ${two(Math.floor(n / 100))} ${two(n % 100)}`,
      `${street} ${3 + n}`,
      postalCode,
      town,
      couple ? '2' : '1',
      String(children),
      couple ? 'oui' : 'non',
      n % 17 === 4 && children > 0 ? '1' : '0',
      `${14 + ((n * 7) % 15)} ${two((n * 37) % 100)}0,00`,
      String(received - 2),
      couple && n % 2 === 0 ? '2' : '1',
      written(3 + (n % 24), receivedMonth, received),
      isComplete ? written(4 + (n % 24), receivedMonth + 1, received) : '',
      pick(['C. Maes', 'N. Bah', ''], n),
    ];
  });
  // A national number with two digits swapped, a year in two digits, a file complete before it came, a name forgotten.
  rows[20]![5] = rows[20]![5]!.replace(/(\d)(\d)$/, (_, a: string, b: string) =>
    a === b ? `${a}${(Number(b) + 1) % 10}` : b + a,
  );
  rows[47]![3] = rows[47]![3]!.replace(/\/19(\d\d)$/, '/$1');
  rows[74]![20] = rows[74]![20]!.replace(/\d{4}$/, (year) => String(Number(year) - 1));
  rows[101]![1] = '';
  return fileOf([heading, ...rows]);
}

/** As a spreadsheet in Belgium saves it. */
const fileOf = (rows: string[][]): string => `\ufeff${rows.map((cells) => `${cells.join(';')}\r\n`).join('')}`;

if (process.argv[1] === import.meta.filename) {
  for (const [name, make] of Object.entries(brusselsFiles))
    fs.writeFileSync(path.join(import.meta.dirname, name), make());
}
