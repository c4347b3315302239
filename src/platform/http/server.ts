import fs from 'node:fs';
import path from 'node:path';
import compress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { newId } from '../../kernel/id.ts';
import { forbidden, notFound } from '../../kernel/problem.ts';
import { answerProblem } from './problems.ts';

export type ServerOptions = {
  logLevel: string;
  /** Folder of the built screens; absent in tests of the API. */
  webFolder?: string | undefined;
  /** Trust the proxy in front for the address and the protocol of the client. */
  behindProxy: boolean;
};

/**
 * What Helmet would set, with our policy, written down once: making it anew for every answer took a tenth of the time
 * of a reading. Scripts come from here alone; Mantine places some styles as attributes.
 */
const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join(';'),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** The HTTP server before any route: identifiers, security headers, limits, problems, the screens' files. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: { level: options.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] },
    genReqId: () => newId(),
    trustProxy: options.behindProxy,
    bodyLimit: 1_000_000,
    routerOptions: { maxParamLength: 200 },
    // A client that stops half-way must not hold a connection for ever.
    requestTimeout: 15 * 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true }),
  });

  await app.register(compress, { threshold: 2_048, encodings: ['br', 'gzip'], globalDecompression: false });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    reply.header('palier-request', request.id);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    refuseForeignOrigin(
      request.method,
      request.headers.origin,
      request.headers.host,
      request.headers['sec-fetch-site'],
    );
  });

  app.setErrorHandler(answerProblem);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  // A DELETE or a POST without a body is fine.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
    payload.resume();
    done(null, {});
  });

  if (options.webFolder && fs.existsSync(options.webFolder)) await serveScreens(app, options.webFolder);
  else app.setNotFoundHandler((request, reply) => answerProblem(notFound(), request, reply));
  return app;
}

/** A page of another site must not act in the name of the person who is signed in here. */
function refuseForeignOrigin(
  method: string,
  origin: string | undefined,
  host: string | undefined,
  site: unknown,
): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const elsewhere = origin !== undefined && URL.canParse(origin) && new URL(origin).host !== host;
  const foreign = site === 'cross-site' || elsewhere;
  if (foreign) throw forbidden('E-ORIGIN-01');
}

async function serveScreens(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    setHeaders: (reply, file) => {
      const fingerprinted = file.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', fingerprinted ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  // Addresses of screens are the browser's business: all answer the same page.
  app.setNotFoundHandler((request, reply) => {
    const isScreen =
      request.method === 'GET' && !request.url.startsWith('/api/') && !path.extname(request.url.split('?')[0]!);
    if (!isScreen) return answerProblem(notFound(), request, reply);
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
}
