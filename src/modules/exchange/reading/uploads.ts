import fs from 'node:fs';
import path from 'node:path';
import { finished, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { invalid, tooLarge } from '../../../kernel/problem.ts';

/** Bytes a file may have. */
export const largestFile = 512 * 1024 * 1024;

/** The refusal of a file that is too large, or says that it is. */
export const sizeRefused = () => tooLarge('E-IMPORT-SIZE', { megabytes: largestFile / 1024 / 1024 });

export type StoredUpload = { path: string; storedAs: string; size: number; isUtf8: boolean };

const suffix = '.upload';

/** Where the file of an import waits. */
export const uploadPath = (folder: string, storedAs: string): string => path.join(folder, path.basename(storedAs));

/**
 * Keeps a file that arrives, piece by piece, and finds out on the way whether it is UTF-8.
 * @throws Problem E-IMPORT-SIZE; E-IMPORT-CUT it did not arrive whole. Nothing is then kept
 */
export async function storeUpload(
  folder: string,
  importId: string,
  body: Readable,
  largest = largestFile,
): Promise<StoredUpload> {
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
      done(size > largest ? sizeRefused() : null, chunk);
    },
  });
  finished(body, { writable: false }, (error) => {
    if (error) measure.destroy(invalid('E-IMPORT-CUT'));
  });
  // Not a part of the pipeline, which would close the connection with the body: a refusal must still reach whoever sends.
  body.pipe(measure);
  try {
    await pipeline(measure, fs.createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    fs.rmSync(target, { force: true });
    body.resume();
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
