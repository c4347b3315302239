import { expect, test } from 'vitest';
import { documentTypeOf } from './document-file.ts';

const zip = [0x50, 0x4b, 0x03, 0x04, 0x14];
const text = (words: string) => [...Buffer.from(words)];

test.each<[string, number[], string | null, string]>([
  ['convention.pdf', text('%PDF-1.7'), 'pdf', 'ISO 32000 § 7.5.2: the header of a PDF'],
  ['convention.docx', text('%PDF-1.4'), 'pdf', 'the content says what it is, not the name'],
  ['scan.png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'png', 'PNG § 5.2: signature'],
  ['scan.jpeg', [0xff, 0xd8, 0xff, 0xe0], 'jpg', 'JPEG: SOI marker'],
  ['Plan de vente.XLSX', zip, 'xlsx', 'a packed file says which by its name'],
  ['charte.odt', zip, 'odt', 'same'],
  ['archive.zip', zip, null, 'an archive is no document'],
  ['virus.pdf', text('MZ\u0000'), null, 'a name is not enough'],
  ['vide.pdf', [], null, 'nothing is nothing'],
])('%s → %s', (name, bytes, expected) => {
  expect(documentTypeOf(name, Uint8Array.from(bytes))).toBe(expected);
});
