import { createHash } from 'node:crypto';

/** A link of the chain: `hash = sha256(previous hash || seq as text || sha256(entry))`. */
export type Link = { seq: number; entry: string | null; entryHash: Buffer; hash: Buffer };

export type Verdict =
  | { intact: true; entries: number; head: string }
  | {
      intact: false;
      entries: number;
      firstBroken: number;
      reason: 'missing' | 'entry-altered' | 'link-altered' | 'cut';
    };

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The hash before the first entry. */
export const origin = sha256('');

/**
 * Walks a chain from its first link and stops at the first that does not hold. An entry may be withheld (`null`): its
 * hash still links, so that a partner who may not read it can verify the chain all the same.
 * @param head what the organisation last announced; detects a chain whose end was cut off
 */
export async function verifyChain(
  links: AsyncIterable<Link> | Iterable<Link>,
  head?: { seq: number; hash: Buffer },
): Promise<Verdict> {
  let previous = origin;
  let entries = 0;
  for await (const link of links) {
    const broken = (reason: 'missing' | 'entry-altered' | 'link-altered'): Verdict => ({
      intact: false,
      entries,
      firstBroken: reason === 'missing' ? entries + 1 : link.seq,
      reason,
    });
    if (link.seq !== entries + 1) return broken('missing');
    if (link.entry !== null && !sha256(link.entry).equals(link.entryHash)) return broken('entry-altered');
    if (!sha256(previous, String(link.seq), link.entryHash).equals(link.hash)) return broken('link-altered');
    previous = link.hash;
    entries += 1;
  }
  if (head && (head.seq !== entries || !head.hash.equals(previous))) {
    return { intact: false, entries, firstBroken: entries + 1, reason: 'cut' };
  }
  return { intact: true, entries, head: previous.toString('hex') };
}
