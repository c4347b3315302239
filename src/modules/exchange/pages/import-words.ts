import type { Words } from '../../../ui/words.tsx';
import type { ImportRecord } from '../contract.ts';

/** « 820 octets », « 12 ko », « 3,4 Mo ». */
export function sizeInWords(bytes: number, { t, number }: Words): string {
  if (bytes < 1_000) return t('imports.bytes', { size: number(bytes) });
  if (bytes < 1_000_000) return t('imports.kilobytes', { size: number(Math.round(bytes / 1_000)) });
  return t('imports.megabytes', { size: number(Math.round(bytes / 100_000) / 10) });
}

/** « CSV, Windows-1252, point-virgule » as detected; « Excel » for a workbook. */
export function formInWords({ format, encoding, separator }: ImportRecord, { t }: Words): string {
  if (format === 'xlsx') return t('imports.workbook');
  const separators = { ';': 'semicolon', ',': 'comma', '\t': 'tab' } as const;
  return [t('imports.csv'), encodingInWords(encoding), separator && t(`imports.separator-${separators[separator]}`)]
    .filter(Boolean)
    .join(', ');
}

const encodingInWords = (encoding: ImportRecord['encoding']): string | null =>
  encoding && (encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase());

/** Kinds of record, in the order people think of them. */
export const recordKinds = [
  'dwelling',
  'building',
  'owner',
  'contract',
  'tenancy',
  'application',
  'household',
  'reservation-right',
  'national-closure',
  'priority-label',
  'candidate',
] as const;

/** Where the records of a kind are listed, and where one of them is read. */
export const placesOf: Partial<Record<string, { list: string; record?: string }>> = {
  dwelling: { list: '/biens', record: '/biens/' },
  owner: { list: '/proprietaires', record: '/proprietaires/' },
  contract: { list: '/contrats' },
  tenancy: { list: '/baux', record: '/baux/' },
  application: { list: '/candidats', record: '/candidats/' },
  'reservation-right': { list: '/etat-des-lieux' },
  'national-closure': { list: '/rapprochement' },
  'priority-label': { list: '/rapprochement' },
};

/** « 40 logements, 3 propriétaires »; nothing for what is none. */
export const recordsInWords = (counts: Partial<Record<string, number>>, { t }: Words): string =>
  recordKinds
    .filter((kind) => counts[kind])
    .map((kind) => t(`imports.records.${kind}`, { count: counts[kind]! }))
    .join(', ');
