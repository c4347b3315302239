import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Api } from '../platform/http/api.ts';
import { lateSchedules } from '../platform/jobs/schedules.ts';
import type { Services } from '../platform/module.ts';
import { openApiDocument } from './openapi.ts';

/** What a machine asks: is it alive, is it ready, how does it feel, what can it do; and the return from a provider. */
export function operations(server: FastifyInstance, api: Api, services: Services): void {
  const { database } = services;

  server.get('/healthz', async () => ({ alive: true }));

  server.get('/readyz', async (_request, reply) => {
    try {
      await sql`select 1`.execute(database.app);
    } catch {
      return reply.code(503).send({ ready: false, database: 'unreachable' });
    }
    const [late] = await database.batch([lateSchedules()]);
    return { ready: true, database: 'reachable', lateSchedules: late.map((schedule) => schedule.name) };
  });

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const requests = new Histogram({
    name: 'palier_http_request_seconds',
    help: 'Duration of requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [metrics],
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));

  let document: unknown;
  server.get('/api/openapi.json', async () => {
    document ??= openApiDocument(api.endpoints);
    return document;
  });

  server.get('/api/auth/*', (request, reply) => services.identity.finishProvider(request, reply));
}
