import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export type ZipPart = { name: string; content: AsyncIterable<string> | Iterable<string> };

type Written = { name: Buffer; crc: number; packed: number; size: number; at: number };

/** Sizes follow the content (bit 3), names are UTF-8 (bit 11). */
const flags = 0x0808;
const version = 20;
/** 1 January 1980, the first day a zip archive knows: the same content gives the same bytes. */
const firstDay = 0x21;

/** A zip archive written as its parts are read: at no time is a part whole in memory. */
export async function* zipArchive(parts: AsyncIterable<ZipPart>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let at = 0;
  for await (const part of parts) {
    const entry: Written = { name: Buffer.from(part.name), crc: 0, packed: 0, size: 0, at };
    const header = localHeader(entry.name);
    yield header;
    at += header.length;
    const deflate = createDeflateRaw({ level: 3 });
    const source = Readable.from(measured(part.content, entry), { objectMode: false });
    source.once('error', (error) => deflate.destroy(error));
    try {
      for await (const chunk of source.pipe(deflate) as AsyncIterable<Buffer>) {
        entry.packed += chunk.length;
        yield chunk;
      }
    } finally {
      source.destroy();
    }
    const descriptor = fields([0x08074b50, 4], [entry.crc, 4], [entry.packed, 4], [entry.size, 4]);
    yield descriptor;
    at += entry.packed + descriptor.length;
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield fields(
    [0x06054b50, 4],
    [0, 4],
    [written.length, 2],
    [written.length, 2],
    [directory.length, 4],
    [at, 4],
    [0, 2],
  );
}

async function* measured(content: ZipPart['content'], entry: Written): AsyncGenerator<Buffer> {
  for await (const text of content) {
    const bytes = Buffer.from(text);
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    yield bytes;
  }
}

const localHeader = (name: Buffer): Buffer =>
  Buffer.concat([
    fields(
      [0x04034b50, 4],
      [version, 2],
      [flags, 2],
      [8, 2],
      [0, 2],
      [firstDay, 2],
      [0, 4],
      [0, 4],
      [0, 4],
      [name.length, 2],
      [0, 2],
    ),
    name,
  ]);

const directoryEntry = ({ name, crc, packed, size, at }: Written): Buffer =>
  Buffer.concat([
    fields(
      [0x02014b50, 4],
      [version, 2],
      [version, 2],
      [flags, 2],
      [8, 2],
      [0, 2],
      [firstDay, 2],
      [crc, 4],
      [packed, 4],
      [size, 4],
    ),
    fields([name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]),
    name,
  ]);

/** Numbers one after the other, each in its number of bytes, the least significant first. */
function fields(...values: [value: number, bytes: number][]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [, bytes]) => sum + bytes, 0));
  let place = 0;
  for (const [value, bytes] of values) place = buffer.writeUIntLE(value, place, bytes);
  return buffer;
}
