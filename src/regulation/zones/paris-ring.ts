import { unverified } from '../sources.ts';

/**
 * « Paris et communes limitrophes »: the zone of the highest income ceilings. INSEE codes of the 29 municipalities that
 * adjoin Paris; Paris itself is 75056.
 * Confidence: unverified. The list follows practice; public copies of it carry shifted labels (flux-fr 6.5), so each
 * code is checked against its name in `paris-ring.test.ts`. To be read in the arrêté before any use as law.
 */
export const parisRing: ReadonlyMap<string, string> = new Map([
  ['92012', 'Boulogne-Billancourt'],
  ['92024', 'Clichy'],
  ['92040', 'Issy-les-Moulineaux'],
  ['92044', 'Levallois-Perret'],
  ['92046', 'Malakoff'],
  ['92049', 'Montrouge'],
  ['92051', 'Neuilly-sur-Seine'],
  ['92062', 'Puteaux'],
  ['92064', 'Saint-Cloud'],
  ['92073', 'Suresnes'],
  ['92075', 'Vanves'],
  ['93001', 'Aubervilliers'],
  ['93006', 'Bagnolet'],
  ['93045', 'Les Lilas'],
  ['93048', 'Montreuil'],
  ['93055', 'Pantin'],
  ['93061', 'Le Pré-Saint-Gervais'],
  ['93066', 'Saint-Denis'],
  ['93070', 'Saint-Ouen-sur-Seine'],
  ['94018', 'Charenton-le-Pont'],
  ['94033', 'Fontenay-sous-Bois'],
  ['94037', 'Gentilly'],
  ['94041', 'Ivry-sur-Seine'],
  ['94042', 'Joinville-le-Pont'],
  ['94043', 'Le Kremlin-Bicêtre'],
  ['94052', 'Nogent-sur-Marne'],
  ['94067', 'Saint-Mandé'],
  ['94069', 'Saint-Maurice'],
  ['94080', 'Vincennes'],
]);

export const parisRingSource = unverified(
  'Communes limitrophes de Paris, liste de pratique',
  'arrêté du 29 juillet 1987',
);

/** Whether the ceilings of Paris and its ring apply in a municipality (INSEE code; arrondissements count as Paris). */
export const isInParisRing = (municipalityCode: string): boolean =>
  municipalityCode.startsWith('75') || parisRing.has(municipalityCode);
