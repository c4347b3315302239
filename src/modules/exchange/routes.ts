import { Readable } from 'node:stream';
import type { z } from 'zod';
import { notFound } from '../../kernel/problem.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { type Actor, requirePermission } from '../../platform/http/actor.ts';
import type { Api } from '../../platform/http/api.ts';
import { type PageRequest, pageOf, pageStatements } from '../../platform/lists/list.ts';
import { translate } from '../../platform/messages.ts';
import type { Services } from '../../platform/module.ts';
import { byteOrderMark, csvLine } from '../../platform/spreadsheets/csv-text.ts';
import { abandonImport, startApplying, startReverting } from './actions/end-import.ts';
import { mapColumns } from './actions/map-columns.ts';
import { openImport, receiveFile } from './actions/receive-file.ts';
import { noteGuardedReading, wrongRowsFile } from './actions/write-wrong-rows.ts';
import * as contract from './contract.ts';
import { sendFile } from './extraction/download.ts';
import { extractList } from './extraction/extract-list.ts';
import { headingOf, titleOf } from './extraction/table.ts';
import { kindOf } from './kinds/all-kinds.ts';
import { maskerOf, presentImport, presentProblem } from './present.ts';
import { importList, importOfRows, importRecord, latestExtractions, rowList, wrongRowsAfter } from './queries.ts';
import { largestFile, removeUpload, sizeRefused } from './reading/uploads.ts';
import type { RowProblem } from './rules/read-row.ts';

type RowEffect = z.infer<typeof contract.rowEffect>;

export function exchangeRoutes(api: Api, services: Services): void {
  const { database, uploadFolder } = services;

  const present = async (tx: Tx, actor: Actor, importId: string) => {
    const { rows } = await tx.executeQuery(importRecord(actor.organisationId, importId));
    return presentImport(rows[0]!, actor);
  };

  api.upload(contract.sendFile, async ({ query, request, session }) => {
    if (Number(request.headers['content-length'] ?? 0) > largestFile) throw sizeRefused();
    const file = await receiveFile(uploadFolder, (request.body ?? Readable.from([])) as Readable);
    try {
      return await api.inSession(contract.sendFile, session, async (tx, actor) => {
        await openImport(tx, actor, file, query.kind, query.name);
        return present(tx, actor, file.importId);
      });
    } catch (error) {
      removeUpload(uploadFolder, file.upload.storedAs);
      throw error;
    }
  });

  api.list(contract.listImports, importList);

  api.read(
    contract.getImport,
    ({ organisationId, params }) => [importRecord(organisationId, params.id)],
    ([[row]], { actor }) => {
      if (!row) throw notFound();
      return presentImport(row, actor);
    },
  );

  api.act(contract.mapColumns, async ({ tx, actor, params, body, today }) => {
    await mapColumns(tx, actor, params.id, body, today);
    return present(tx, actor, params.id);
  });

  api.read(
    contract.listRows,
    ({ organisationId, params, query, today }) => [
      importOfRows(organisationId, params.id, query.only),
      pageStatements(
        rowList,
        { organisationId, filters: { ...query, importId: params.id }, today },
        query as PageRequest,
      )[0],
    ],
    ([[row], rows], { actor, query }) => {
      if (!row) throw notFound();
      const [t, mask] = [translate(actor.language), maskerOf(row.kind, row.mapping)];
      const page = pageOf(rows, row, query);
      return {
        ...page,
        items: page.items.map(({ line, effect, cells, problems }) => ({
          line: line!,
          effect: effect as RowEffect,
          cells: mask(cells as string[]),
          problems: (problems as RowProblem[]).map((problem) => presentProblem(problem, row.kind, t)),
        })),
      };
    },
  );

  api.act(contract.applyImport, async ({ tx, actor, params, body, today }) => {
    await startApplying(tx, actor, params.id, body.version, today);
    return present(tx, actor, params.id);
  });

  api.act(contract.revertImport, async ({ tx, actor, params, body, today }) => {
    await startReverting(tx, actor, params.id, body.version, today);
    return present(tx, actor, params.id);
  });

  api.stream(contract.abandonImport, async ({ params, session }) => {
    const storedAs = await api.inSession(contract.abandonImport, session, (tx, actor) =>
      abandonImport(tx, actor, params.id),
    );
    if (storedAs) removeUpload(uploadFolder, storedAs);
    return {};
  });

  api.stream(contract.downloadWrongRows, async ({ params, actor, session, reply }) => {
    const [row, first] = await api.inSession(contract.downloadWrongRows, session, async (tx) => {
      const { rows } = await tx.executeQuery(importRecord(actor.organisationId, params.id));
      if (!rows[0]) throw notFound();
      await noteGuardedReading(tx, actor, rows[0]);
      return [rows[0], await tx.executeQuery(wrongRowsAfter(actor.organisationId, params.id, 0))] as const;
    });
    const name = `${row.fileName.replace(/\.\w+$/, '')}-${translate(actor.language)('import.wrong-rows')}.csv`;
    return sendFile(reply, name, 'text/csv; charset=utf-8', wrongRowsFile(database, actor, row, first.rows));
  });

  api.stream(contract.downloadTemplate, async ({ params, actor, reply }) => {
    const { name, fields, example } = kindOf(params.kind);
    // Headings in French: the mapping knows them, whatever the language of who fills the file in.
    const t = translate('fr');
    const lines = [
      fields.map((field) => t(`import.fields.${name}.${field.name}`)),
      fields.map((field) => example[field.name] ?? ''),
    ];
    const fileName = `${translate(actor.language)(`import.templates.${name}`)}.csv`;
    return sendFile(reply, fileName, 'text/csv; charset=utf-8', [byteOrderMark + lines.map(csvLine).join('')]);
  });

  api.read(
    contract.listExtractions,
    ({ organisationId }) => [latestExtractions(organisationId)],
    ([latest], { actor }) => {
      const t = translate(actor.language);
      const tables = services.lists.filter(({ permission }) => actor.may(permission));
      return {
        lists: tables.map((list) => ({
          name: list.name,
          label: titleOf(list, t),
          columns: list.columns.map(({ key }) => headingOf(list, key, t)),
        })),
        latest: latest.map((row) => ({ ...row, label: t(`values.list.${row.list}`) })),
      };
    },
  );

  api.stream(contract.extractList, async ({ params, query, actor, session, today, reply }) => {
    const list = services.lists.find(({ name }) => name === params.list);
    if (!list) throw notFound();
    requirePermission(actor, list.permission);
    return extractList(database, { list, query, actor, session, today }, reply);
  });
}
