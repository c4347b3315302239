import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { newId } from '../../kernel/id.ts';
import { extractionFormat } from '../../modules/exchange/contract.ts';
import { writeCsv } from '../../modules/exchange/extraction/csv-table.ts';
import { writeJson } from '../../modules/exchange/extraction/json-table.ts';
import { tableOf } from '../../modules/exchange/extraction/table.ts';
import { writeXlsx } from '../../modules/exchange/extraction/xlsx-table.ts';
import { eventStatement } from '../../platform/audit/events.ts';
import { fixedClock, systemClock } from '../../platform/clock.ts';
import { CopyOut } from '../../platform/database/copy-out.ts';
import { inStreamTransaction } from '../../platform/database/stream-transaction.ts';
import { type AnyList, allRows } from '../../platform/lists/list.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { modules } from '../modules.ts';
import { defineCommand, WrongUsage } from './command.ts';
import { operator } from './operator.ts';
import { findOrganisation } from './verify-journal.ts';
import { withDatabase } from './with-database.ts';
import { counted } from './words.ts';

const lists: ReadonlyMap<string, AnyList> = new Map(
  modules.flatMap((module) => module.lists ?? []).map((list): [string, AnyList] => [list.name, list]),
);

const writers = { csv: writeCsv, xlsx: writeXlsx, json: writeJson };

/** Takes out a whole list of an organisation, as its screen does: the same columns, the same filters. */
export const exportList = defineCommand({
  arguments: ['<liste>'],
  options: {
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Organisation dont on extrait la liste' },
    format: { type: 'string', value: extractionFormat.options.join('|'), what: 'Forme du fichier (csv)' },
    output: {
      type: 'string',
      value: 'fichier',
      what: 'Fichier à écrire (la liste et le jour, dans le dossier courant)',
    },
    filter: {
      type: 'string',
      value: 'nom=valeur&…',
      what: 'Filtres de la liste, comme dans son adresse : occupancy=void&bedrooms=2',
    },
    sort: { type: 'string', value: 'ordre', what: 'Ordre de la liste' },
  },
  notes: [`Listes : ${[...lists.keys()].join(', ')}.`],
  async run({ config, arguments: [name], text }) {
    const list = lists.get(name!);
    if (!list) throw new WrongUsage(`Aucune liste ne se nomme « ${name} ». Il y a : ${[...lists.keys()].join(', ')}.`);
    const format = extractionFormat.safeParse(text('format') ?? 'csv');
    if (!format.success) throw new WrongUsage(`--format vaut ${extractionFormat.options.join(', ')}.`);
    const asked = text('organisation');
    if (asked === undefined) throw new WrongUsage('Il manque --organisation.');
    const filters = list.filters.parse(Object.fromEntries(new URLSearchParams(text('filter') ?? '')));
    const sort = text('sort');
    const today = (config.today ? fixedClock(config.today) : systemClock).today();
    const file = path.resolve(text('output') ?? `${list.name}-${today}.${format.data}`);
    if (fs.existsSync(file)) throw new OperatorError(`${file} existe déjà. Donnez un autre nom avec --output.`);
    return withDatabase(config, 'export', { tables: 'current', existing: true }, async ({ database }) => {
      const { id: organisationId } = await findOrganisation(database.owner, asked);
      const statement = allRows(list, { organisationId, filters, today }, sort === undefined ? {} : { sort });
      let count = 0;
      await inStreamTransaction(database, actAs(organisationId), async (stream) => {
        const copy = new CopyOut(stream.client, statement);
        try {
          await copy.open();
          const pieces = writers[format.data](tableOf(list, copy.names, 'fr'), copy.rows());
          await pipeline(pieces, fs.createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        } finally {
          await copy.drain();
        }
        count = copy.count;
        const after = { list: list.name, format: format.data, filters, rows: count, complete: true };
        const subjects = [{ kind: 'organisation', id: organisationId }];
        await stream.run(eventStatement(newId(), { kind: 'exchange.list-extracted', organisationId, subjects, after }));
      });
      return { text: `${file}\n${counted(count, 'ligne')}.`, data: { file, rows: count } };
    });
  },
});

/** The transaction reads as the organisation does, in the name of whoever is at the keyboard of the server. */
const actAs = (organisationId: string) =>
  sql`select set_config('app.organisation_id', ${organisationId}, true), set_config('app.user_id', ${operator.userId}, true),
    set_config('app.user_name', ${operator.userName}, true)`;
