/** The part of `pg-cursor` that is used here: it comes without types. */
declare module 'pg-cursor' {
  import type pg from 'pg';

  export default class Cursor<Row> implements pg.Submittable {
    constructor(text: string, values: unknown[], config?: { types?: pg.CustomTypesConfig });
    submit(connection: pg.Connection): void;
    read(rows: number): Promise<Row[]>;
    close(): Promise<void>;
  }
}
