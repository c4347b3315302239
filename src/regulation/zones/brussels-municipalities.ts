import { secondary } from '../sources.ts';

/**
 * The 19 municipalities of the Brussels-Capital Region: NIS code, names, ordinary postal codes.
 * Source: REFNIS list of Statbel (names and codes), bpost (postal codes). Parts of the City of Brussels are also
 * addressed 1040, 1050 and others: never derive the municipality from a postal code alone.
 */
export const brusselsMunicipalities: readonly {
  code: string;
  fr: string;
  nl: string;
  postalCodes: readonly string[];
}[] = [
  { code: '21001', fr: 'Anderlecht', nl: 'Anderlecht', postalCodes: ['1070'] },
  { code: '21002', fr: 'Auderghem', nl: 'Oudergem', postalCodes: ['1160'] },
  { code: '21003', fr: 'Berchem-Sainte-Agathe', nl: 'Sint-Agatha-Berchem', postalCodes: ['1082'] },
  { code: '21004', fr: 'Bruxelles', nl: 'Brussel', postalCodes: ['1000', '1020', '1120', '1130'] },
  { code: '21005', fr: 'Etterbeek', nl: 'Etterbeek', postalCodes: ['1040'] },
  { code: '21006', fr: 'Evere', nl: 'Evere', postalCodes: ['1140'] },
  { code: '21007', fr: 'Forest', nl: 'Vorst', postalCodes: ['1190'] },
  { code: '21008', fr: 'Ganshoren', nl: 'Ganshoren', postalCodes: ['1083'] },
  { code: '21009', fr: 'Ixelles', nl: 'Elsene', postalCodes: ['1050'] },
  { code: '21010', fr: 'Jette', nl: 'Jette', postalCodes: ['1090'] },
  { code: '21011', fr: 'Koekelberg', nl: 'Koekelberg', postalCodes: ['1081'] },
  { code: '21012', fr: 'Molenbeek-Saint-Jean', nl: 'Sint-Jans-Molenbeek', postalCodes: ['1080'] },
  { code: '21013', fr: 'Saint-Gilles', nl: 'Sint-Gillis', postalCodes: ['1060'] },
  { code: '21014', fr: 'Saint-Josse-ten-Noode', nl: 'Sint-Joost-ten-Node', postalCodes: ['1210'] },
  { code: '21015', fr: 'Schaerbeek', nl: 'Schaarbeek', postalCodes: ['1030'] },
  { code: '21016', fr: 'Uccle', nl: 'Ukkel', postalCodes: ['1180'] },
  { code: '21017', fr: 'Watermael-Boitsfort', nl: 'Watermaal-Bosvoorde', postalCodes: ['1170'] },
  { code: '21018', fr: 'Woluwe-Saint-Lambert', nl: 'Sint-Lambrechts-Woluwe', postalCodes: ['1200'] },
  { code: '21019', fr: 'Woluwe-Saint-Pierre', nl: 'Sint-Pieters-Woluwe', postalCodes: ['1150'] },
];

export const brusselsMunicipalitiesSource = secondary('REFNIS (Statbel), codes postaux de bpost');
