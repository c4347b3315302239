import fs from 'node:fs';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { invalid } from '../../../kernel/problem.ts';

/** Bytes a file may have. */
export const largestFile = 512 * 1024 * 1024;

export type StoredUpload = { path: string; storedAs: string; size: number; isUtf8: boolean };

const suffix = '.upload';

/** Where the file of an import waits. */
export const uploadPath = (folder: string, storedAs: string): string => path.join(folder, path.basename(storedAs));

/**
 * Keeps a file that arrives, piece by piece, and finds out on the way whether it is UTF-8.
 * @throws Problem E-IMPORT-SIZE; nothing is then kept
 */
export async function storeUpload(folder: string, importId: string, body: Readable): Promise<StoredUpload> {
  const storedAs = `${importId}${suffix}`;
  const target = uploadPath(folder, storedAs);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [size, isUtf8] = [0, true];
  const follow = (chunk?: Buffer) => {
    if (!isUtf8) return;
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      follow(chunk);
      done(size > largestFile ? invalid('E-IMPORT-SIZE', { megabytes: largestFile / 1024 / 1024 }) : null, chunk);
    },
  });
  try {
    await pipeline(body, measure, fs.createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    fs.rmSync(target, { force: true });
    throw error;
  }
  follow();
  return { path: target, storedAs, size, isUtf8 };
}

/** Removes the file of an import; one that is gone already is no matter. */
export function removeUpload(folder: string, storedAs: string): void {
  fs.rmSync(uploadPath(folder, storedAs), { force: true });
}

/** Files of imports in the folder that were written before a moment. */
export function uploadsBefore(folder: string, moment: number): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => entry.name)
    .filter((name) => (fs.statSync(uploadPath(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? moment) < moment);
}
