import Fastify from 'fastify';
import pg from 'pg';
import { dwellingList } from '../src/modules/portfolio/lists.ts';
import { dwellingRecord } from '../src/modules/portfolio/queries.ts';
import { plainTypes } from '../src/platform/database/connection.ts';
import { pageStatements } from '../src/platform/lists/list.ts';
import { listOfDwellings } from './questions.ts';

/**
 * What the program is compared with: the same statements, named, through `pg` alone, behind Fastify alone. No session,
 * no rights, no row-level security, no validation, no headers. `node bench/bare-server.ts`, told by its environment.
 */

const { BENCH_OWNER_URL: connectionString, BENCH_ORGANISATION: organisationId = '' } = process.env;
const pool = new pg.Pool({ connectionString, types: plainTypes, max: 12, options: '-c timezone=UTC' });

const context = { organisationId, filters: listOfDwellings.filters, today: listOfDwellings.today };
const [page, total] = pageStatements(dwellingList, context, listOfDwellings.page);
const record = dwellingRecord(organisationId, 'the identifier');

const server = Fastify();

server.get('/api/v1/dwellings', async (_request, reply) => {
  const [rows, totals] = await Promise.all([
    pool.query({ name: 'page', text: page.sql, values: [...page.parameters] }),
    pool.query({ name: 'total', text: total.sql, values: [...total.parameters] }),
  ]);
  const items = rows.rows.slice(0, 50).map(({ cursor_values: _, ...item }) => item);
  const cursor = Buffer.from(JSON.stringify(rows.rows[49].cursor_values)).toString('base64url');
  const counted = totals.rows[0].total;
  return reply
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ items, nextCursor: cursor, total: counted, totalIsLeast: false }));
});

server.get<{ Params: { id: string } }>('/api/v1/dwellings/:id', async (request, reply) => {
  const values = record.parameters.map((value) => (value === 'the identifier' ? request.params.id : value));
  const { rows } = await pool.query({ name: 'record', text: record.sql, values });
  const can = { manage: true, recordNotice: rows[0].occupancy === 'let' };
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ ...rows[0], can }));
});

console.log(`Palier : ${await server.listen({ port: 0, host: '127.0.0.1' })}`);
