import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonical } from './events.ts';
import { type Link, origin, verifyChain } from './journal.ts';

const hash = (...parts: (Buffer | string)[]) =>
  parts.reduce((h, part) => h.update(part), createHash('sha256')).digest();

function chainOf(...entries: string[]): Link[] {
  let previous = origin;
  return entries.map((entry, index) => {
    const entryHash = hash(entry);
    previous = hash(previous, String(index + 1), entryHash);
    return { seq: index + 1, entry, entryHash, hash: previous };
  });
}

describe('the journal', () => {
  const links = chainOf('a', 'b', 'c', 'd');
  const head = { seq: 4, hash: links[3]!.hash };

  test('accepts an intact chain, with entries withheld or not', async () => {
    expect(await verifyChain(links, head)).toMatchObject({ intact: true, entries: 4 });
    const withheld = links.map((link) => ({ ...link, entry: link.seq === 2 ? null : link.entry }));
    expect(await verifyChain(withheld, head)).toMatchObject({ intact: true });
  });

  test('names the first altered entry', async () => {
    const altered = links.map((link) => (link.seq >= 2 ? { ...link, entry: `${link.entry}!` } : link));
    expect(await verifyChain(altered, head)).toEqual({
      intact: false,
      entries: 1,
      firstBroken: 2,
      reason: 'entry-altered',
    });
  });

  test('names an entry rewritten with its own hash', async () => {
    const forged = links.map((link) => (link.seq === 3 ? { ...link, entry: 'x', entryHash: hash('x') } : link));
    expect(await verifyChain(forged, head)).toMatchObject({ firstBroken: 3, reason: 'link-altered' });
  });

  test('notices a missing entry and a chain cut short', async () => {
    expect(await verifyChain([links[0]!, links[2]!], head)).toMatchObject({ firstBroken: 2, reason: 'missing' });
    expect(await verifyChain(links.slice(0, 3), head)).toMatchObject({ firstBroken: 4, reason: 'cut' });
  });

  test('writes the same facts in the same words, whatever their order', () => {
    expect(canonical({ b: [1, { z: null, a: 'é' }], a: undefined })).toBe('{"b":[1,{"a":"é","z":null}]}');
    expect(canonical({ x: 1, y: 2 })).toBe(canonical({ y: 2, x: 1 }));
  });
});
