import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** The file is not a zip archive one can read: damaged, encrypted, or of a form nobody uses for documents. */
export class UnreadableArchive extends Error {}

/** A part of the archive is larger than allowed once unpacked, whatever it declares of itself. */
export class ArchiveTooLarge extends Error {}

export type ArchiveEntry = { name: string; isDeflated: boolean; packedSize: number; headerAt: number };

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const headerSignature = 0x04034b50;

/** The entries of a zip archive by name, from its directory at the end. @throws UnreadableArchive */
export async function readDirectory(file: FileHandle): Promise<Map<string, ArchiveEntry>> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(size - 65_557, 0), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || tail.length < end + 22 || tail.readUInt32LE(end) !== endSignature) throw new UnreadableArchive();
  const [count, length, at] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (count > 10_000 || at + length > size) throw new UnreadableArchive();
  const directory = await readAt(file, at, length);
  const entries = new Map<string, ArchiveEntry>();
  for (let index = 0, place = 0; index < count; index++) {
    if (place + 46 > directory.length || directory.readUInt32LE(place) !== entrySignature)
      throw new UnreadableArchive();
    const method = directory.readUInt16LE(place + 10);
    const isEncrypted = (directory.readUInt16LE(place + 8) & 1) === 1;
    if (isEncrypted || (method !== 0 && method !== 8)) throw new UnreadableArchive();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      directory.readUInt16LE(place + offset),
    ) as [number, number, number];
    const name = directory.toString('utf8', place + 46, place + 46 + nameLength);
    entries.set(name, {
      name,
      isDeflated: method === 8,
      packedSize: directory.readUInt32LE(place + 20),
      headerAt: directory.readUInt32LE(place + 42),
    });
    place += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/**
 * The content of an entry, unpacked as it is read.
 * @param limit bytes it may have unpacked; the sizes an archive declares are not believed
 * @throws UnreadableArchive, ArchiveTooLarge while it is read
 */
export async function* readEntry(
  path: string,
  file: FileHandle,
  entry: ArchiveEntry,
  limit: number,
): AsyncGenerator<Buffer> {
  const header = await readAt(file, entry.headerAt, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== headerSignature) throw new UnreadableArchive();
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.packedSize === 0) return;
  const packed: Readable = fs.createReadStream(path, { start, end: start + entry.packedSize - 1 });
  const unpacked = entry.isDeflated ? createInflateRaw() : new PassThrough();
  const done = pipeline(packed, unpacked).catch(() => undefined);
  let size = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new ArchiveTooLarge();
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ArchiveTooLarge ? error : new UnreadableArchive();
  } finally {
    packed.destroy();
    unpacked.destroy();
    await done;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
