/** Encodings one meets: spreadsheets save UTF-8 (with its mark) or windows-1252, some programs UTF-16. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export const separators = [';', ',', '\t'] as const;
export type Separator = (typeof separators)[number];

/**
 * The encoding of a text file from its first bytes and from whether the whole of it is valid UTF-8. Without a mark, zeros
 * in every second byte tell UTF-16. What is neither is windows-1252, of which Latin-1 is a part.
 * @returns null when it is no text: zeros elsewhere, or control characters in number
 */
export function detectEncoding(head: Uint8Array, isUtf8: boolean): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  let controls = 0;
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2]! += 1;
    else if (byte < 9 || (byte > 13 && byte < 32)) controls += 1;
  }
  const half = head.length / 2;
  if (half > 4 && zeros[1]! > half * 0.4 && zeros[0]! < half * 0.05) return 'utf-16le';
  if (half > 4 && zeros[0]! > half * 0.4 && zeros[1]! < half * 0.05) return 'utf-16be';
  if (zeros[0]! + zeros[1]! + controls > head.length * 0.02 + 4) return null;
  return isUtf8 ? 'utf-8' : 'windows-1252';
}

/** The mark that parts the columns of the first line, outside quotes: the most frequent of `;`, tab and `,`. */
export function detectSeparator(firstLine: string): Separator {
  const counts = new Map<string, number>();
  let isQuoted = false;
  for (const character of firstLine) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...separators].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]!;
}
