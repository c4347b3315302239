/** A mark or a text of an XML document. Names come without their prefix; an empty element is opened, then closed. */
export type XmlEvent =
  | { kind: 'open'; name: string; attributes: string }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string };

const entityNames: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decodeEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (all, hexadecimal, decimal, name) => {
        if (name) return entityNames[name.toLowerCase()] ?? all;
        const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      })
    : text;

/** An attribute of an opened element, by its name without prefix. */
export function attributeOf(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? undefined : decodeEntities(value);
}

const longestMark = 1_000_000;

/** The document is not XML, or is made to harm. */
export class UnreadableXml extends Error {}

/**
 * Reads a large XML document piece by piece: what the parts of a spreadsheet need, and no more. Entities of its own,
 * external ones included, are not read at all: they stay as written.
 * @returns the events of each piece
 * @throws UnreadableXml
 */
export async function* xmlEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<XmlEvent[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const events: XmlEvent[] = [];
    rest = rest.slice(takeEvents(rest, events));
    if (rest.length > longestMark) throw new UnreadableXml();
    if (events.length > 0) yield events;
  }
  if (rest.trim() !== '') throw new UnreadableXml();
}

/** Reads the complete marks of a text. @returns where it stopped */
function takeEvents(text: string, events: XmlEvent[]): number {
  let place = 0;
  for (;;) {
    const start = text.indexOf('<', place);
    if (start < 0) return place;
    const [closing, skipped] = closingOf(text, start);
    const end = text.indexOf(closing, start + 1);
    if (end < 0) return place;
    if (start > place) events.push({ kind: 'text', text: decodeEntities(text.slice(place, start)) });
    if (closing === ']]>') events.push({ kind: 'text', text: text.slice(start + skipped, end) });
    else if (closing === '>') addMark(text.slice(start + 1, end), events);
    place = end + closing.length;
  }
}

/** How the mark that starts here ends, and how long its opening is. */
function closingOf(text: string, start: number): [closing: string, skipped: number] {
  if (text.startsWith('<!--', start)) return ['-->', 4];
  if (text.startsWith('<![CDATA[', start)) return [']]>', 9];
  if (text.startsWith('<?', start)) return ['?>', 2];
  return ['>', 1];
}

function addMark(mark: string, events: XmlEvent[]): void {
  if (mark.startsWith('!')) return;
  if (mark.startsWith('/')) {
    events.push({ kind: 'close', name: withoutPrefix(mark.slice(1).trim()) });
    return;
  }
  const isEmpty = mark.endsWith('/');
  const body = isEmpty ? mark.slice(0, -1) : mark;
  const space = body.search(/\s/);
  const name = withoutPrefix(space < 0 ? body : body.slice(0, space));
  events.push({ kind: 'open', name, attributes: space < 0 ? '' : body.slice(space) });
  if (isEmpty) events.push({ kind: 'close', name });
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);
