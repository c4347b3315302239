/** Files a reference document may have: what it was signed as, or what it was written with. */
export const documentTypes = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const;
export type DocumentExtension = keyof typeof documentTypes;

/** Bytes such a file may have: it is kept in the database, and in every backup. */
export const largestDocument = 25 * 1024 * 1024;

const packed: readonly DocumentExtension[] = ['docx', 'xlsx', 'odt', 'ods'];

/**
 * What a file is, by its first bytes; a packed one (a zip) also by its name, which must then say which.
 * @returns null when it is none of those taken
 */
export function documentTypeOf(name: string, content: Uint8Array): DocumentExtension | null {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => content[index] === byte);
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'pdf';
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (begins(0xff, 0xd8, 0xff)) return 'jpg';
  if (!begins(0x50, 0x4b, 0x03, 0x04)) return null;
  return packed.find((extension) => name.toLowerCase().endsWith(`.${extension}`)) ?? null;
}
