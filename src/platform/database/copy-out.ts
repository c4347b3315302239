import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams';

/** The cells of a row as PostgreSQL writes them, in the order of its columns. */
export type TextRow = (string | null)[];

/**
 * All rows of a statement by COPY, some at a time, in a transaction that is open: half the work of reading them as
 * results, where each cell is a message of its own. Who reads slowly makes the database wait. However the reading ends,
 * `drain` must follow: until then the connection runs nothing else, not even a rollback.
 */
export class CopyOut {
  readonly #copy: CopyToStreamQuery;
  readonly #chunks: AsyncIterator<string>;
  #rest = '';
  #first: TextRow[] | undefined;
  #isOver = false;
  /** The names of the columns, once it is open. */
  names: readonly string[] = [];
  /** Rows given so far. */
  count = 0;

  constructor(client: pg.ClientBase, statement: { sql: string; parameters: readonly unknown[] }) {
    this.#copy = client.query(copyTo(`copy (${withValues(statement)}) to stdout (header)`));
    this.#copy.setEncoding('utf8');
    this.#chunks = this.#copy.iterator({ destroyOnReturn: false });
  }

  /** Reads the first rows, so that a statement that fails does so here. */
  async open(): Promise<void> {
    const rows = await this.#next();
    this.names = (rows?.shift() ?? []) as string[];
    this.#first = rows?.length ? rows : await this.#next();
  }

  /** All rows, in portions that are never empty. */
  async *rows(): AsyncGenerator<TextRow[]> {
    for (let rows = this.#first; rows; rows = await this.#next()) {
      this.count += rows.length;
      yield rows;
      // The database may always be ahead of us: others get their turn all the same.
      await setImmediate();
    }
  }

  /** Whether the database may still have something to say. */
  get isUnderWay(): boolean {
    return !this.#isOver;
  }

  /** Reads what is left, to nobody: the connection is then free for the next statement. */
  async drain(): Promise<void> {
    try {
      while (await this.#next());
    } catch {
      // Cancelled, as it was told.
    }
    this.#copy.destroy();
  }

  /** The rows that are whole; a row longer than a chunk waits for its end. */
  async #next(): Promise<TextRow[] | undefined> {
    while (!this.#isOver) {
      const chunk = await this.#chunks.next().catch((error: unknown) => {
        this.#isOver = true;
        throw error;
      });
      this.#isOver = chunk.done ?? false;
      if (this.#isOver) break;
      const lines = (this.#rest + chunk.value).split('\n');
      this.#rest = lines.pop()!;
      if (lines.length > 0) return lines.map(cellsOf);
    }
    return undefined;
  }
}

/** COPY takes no parameters: each is written into the text, as a literal without a type, which is what it was. */
const withValues = ({ sql, parameters }: { sql: string; parameters: readonly unknown[] }): string =>
  sql.replace(/\$(\d+)/g, (_, place) => {
    const value = parameters[Number(place) - 1] ?? null;
    if (typeof value === 'object' && value !== null) throw new TypeError('COPY takes texts, numbers and yes or no');
    return value === null ? 'null' : pg.escapeLiteral(String(value));
  });

/** https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT-FORMAT */
function cellsOf(line: string): TextRow {
  const cells: TextRow = line.split('\t');
  if (!line.includes('\\')) return cells;
  return cells.map((cell) => (cell === '\\N' ? null : cell!.replace(/\\(.)/g, unescaped)));
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const unescaped = (_: string, character: string): string => escapes[character] ?? character;
