import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ReplyOf } from '../../kernel/endpoint.ts';
import { isId } from '../../kernel/id.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { invalid, refused, unauthenticated } from '../../kernel/problem.ts';
import type { BatchRows, BatchStatement } from '../database/batch.ts';
import type { Database, Tx } from '../database/connection.ts';
import { type ListDefinition, type PageRequest, pageOf, pageStatements } from '../lists/list.ts';
import {
  type Actor,
  actorOf,
  openSession,
  openSessionIn,
  type Permissions,
  requirePermission,
  type SessionRequest,
  type SessionRow,
} from './actor.ts';
import { organisationCookie, readCookies, sessionCookie, verifySigned } from './cookies.ts';

// biome-ignore lint/suspicious/noExplicitAny: an endpoint of any schemas
type AnyEndpoint = Endpoint<any, any, any, any>;

export type Input<E> = { params: ParamsOf<E>; query: QueryOf<E>; body: BodyOf<E>; today: LocalDate };

export type ApiOptions = {
  database: Database;
  secret: string;
  permissions: Permissions;
  /** The day it is, for those who ask now. */
  today: () => LocalDate;
};

/**
 * How modules serve their endpoints. A reading is one round trip: its statements travel with the one that opens the
 * session. An action is one transaction: everything it changes, its events and its queued jobs, or nothing.
 */
export class Api {
  readonly endpoints: AnyEndpoint[];
  readonly #fastify: FastifyInstance;
  readonly #options: ApiOptions;
  readonly #cookieKey: KeyObject;
  /** Cookies whose signature was verified: each comes with every request. Whether its session lives is asked each time. */
  readonly #verified = new Map<string, string>();

  constructor(fastify: FastifyInstance, options: ApiOptions, endpoints: AnyEndpoint[] = []) {
    this.endpoints = endpoints;
    this.#fastify = fastify;
    this.#options = options;
    this.#cookieKey = createSecretKey(options.secret, 'utf8');
  }

  /**
   * Serves a reading.
   * @param statements what to read; row-level security shows the actor's own rows, and each statement names the
   *   organisation too. At most two, the session being the third.
   * @param present the answer, from the rows of each statement
   */
  read<E extends AnyEndpoint, const Statements extends readonly BatchStatement[]>(
    definition: E,
    statements: (input: Input<E> & { organisationId: string; session: SessionRequest }) => Statements,
    present: (rows: BatchRows<Statements>, context: Input<E> & { actor: Actor }) => ReplyOf<E> | Promise<ReplyOf<E>>,
  ): void {
    this.#route(definition, async (request, input, token) => {
      const session = await this.#sessionRequest(request, token, input.today);
      const [sessions, ...rows] = await this.#options.database.batch([
        openSession(session),
        ...statements({ ...input, session, organisationId: session.organisationId }),
      ]);
      const actor = this.#actor(sessions as SessionRow[], definition.permission);
      return present(rows as never, { ...input, actor });
    });
  }

  /** Serves a list: its page and its total, in the round trip of the session. */
  list<E extends AnyEndpoint, Filters extends z.ZodType, Row extends object>(
    definition: E,
    list: ListDefinition<Filters, Row>,
    present: (row: Row, context: Input<E> & { actor: Actor }) => unknown = (row) => row,
  ): void {
    this.read(
      definition,
      ({ organisationId, query, today }) =>
        pageStatements(list, { organisationId, filters: query as z.output<Filters>, today }, query as PageRequest),
      ([rows, totals], context) => {
        const page = pageOf<Row>(rows, totals[0], context.query as PageRequest);
        return { ...page, items: page.items.map((row) => present(row, context)) } as ReplyOf<E>;
      },
    );
  }

  /** Serves an action: one transaction, repeated safely when the request carries an `Idempotency-Key`. */
  act<E extends AnyEndpoint>(
    definition: E,
    work: (context: Input<E> & { tx: Tx; actor: Actor; request: FastifyRequest }) => Promise<ReplyOf<E>>,
  ): void {
    this.#route(definition, async (request, input, token) => {
      const session = await this.#sessionRequest(request, token, input.today);
      // Reading again is always the same: only what changes something is kept by its key.
      const key = definition.method === 'GET' ? undefined : request.headers['idempotency-key'];
      return this.inSession(definition, session, (tx, actor) => {
        const perform = () => work({ ...input, tx, actor, request });
        return typeof key === 'string' && key ? once(tx, actor, definition, key, input, perform) : perform();
      });
    });
  }

  /** Serves what is neither: a stream, a download. The session is opened first; the work does the rest. */
  stream<E extends AnyEndpoint>(
    definition: E,
    work: (
      context: Input<E> & { actor: Actor; session: SessionRequest; request: FastifyRequest; reply: FastifyReply },
    ) => Promise<unknown>,
  ): void {
    this.#route(definition, async (request, input, token, reply) => {
      const session = await this.#sessionRequest(request, token, input.today);
      const [sessions] = await this.#options.database.batch([openSession(session)]);
      const actor = this.#actor(sessions, definition.permission);
      return work({ ...input, actor, session, request, reply });
    });
  }

  /** Serves a file that is sent: `request.body` is the file as it arrives, never whole in memory; the work bounds its size. */
  upload<E extends AnyEndpoint>(
    definition: E,
    work: (
      context: Input<E> & { actor: Actor; session: SessionRequest; request: FastifyRequest; reply: FastifyReply },
    ) => Promise<unknown>,
  ): void {
    // A scope of its own: the other routes go on refusing these media types, and this one refuses theirs.
    this.#fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser([...(definition.accepts ?? [])], (_request, payload, done) => done(null, payload));
      new Api(scope, this.#options, this.endpoints).stream(definition, work);
    });
  }

  /** Serves an endpoint open to all, signed in or not. */
  open<E extends AnyEndpoint>(
    definition: E,
    work: (context: Input<E> & { request: FastifyRequest; reply: FastifyReply }) => Promise<ReplyOf<E>>,
  ): void {
    if (definition.permission !== 'public') throw new Error(`${definition.id} is not declared public`);
    this.#route(definition, (request, input, _token, reply) => work({ ...input, request, reply }));
  }

  /** A transaction of the session of a stream or an upload, in which its actor may do what the endpoint asks. */
  inSession<Result>(
    definition: AnyEndpoint,
    session: SessionRequest,
    work: (tx: Tx, actor: Actor) => Promise<Result>,
  ): Promise<Result> {
    return this.#options.database.app.transaction().execute(async (tx) => {
      const opened = await openSessionIn(session).execute(tx);
      return work(tx, this.#actor(opened.rows, definition.permission));
    });
  }

  /** The token of the request's session, when its cookie is ours. */
  #tokenOf(request: FastifyRequest): string | undefined {
    const cookie = readCookies(request.headers.cookie).get(sessionCookie);
    if (cookie === undefined) return undefined;
    const known = this.#verified.get(cookie);
    if (known) return known;
    const token = verifySigned(cookie, this.#cookieKey);
    if (this.#verified.size === 10_000) this.#verified.clear();
    if (token) this.#verified.set(cookie, token);
    return token;
  }

  #route<E extends AnyEndpoint>(
    definition: E,
    handle: (
      request: FastifyRequest,
      input: Input<E>,
      token: string | undefined,
      reply: FastifyReply,
    ) => Promise<unknown>,
  ): void {
    this.endpoints.push(definition);
    this.#fastify.route({
      method: definition.method,
      url: `/api/v1${definition.path}`,
      // A file leaves as it is made; brotli would hold it back to its end.
      ...(definition.answers ? { compress: { encodings: ['gzip'] as const, zlibOptions: { level: 1 } } } : {}),
      handler: async (request, reply) => {
        // Who asks comes before what is asked: nobody learns from a refused field that a route exists.
        const token = this.#tokenOf(request);
        if (definition.permission !== 'public' && !token) throw unauthenticated();
        const input = {
          params: definition.params?.parse(request.params),
          query: definition.query?.parse(request.query),
          body: definition.body?.parse(request.body ?? {}),
          today: this.#options.today(),
        } as Input<E>;
        const answer = await handle(request, input, token, reply);
        if (reply.sent || answer === reply) return reply;
        if (definition.method === 'POST' && reply.statusCode === 200 && hasId(answer)) reply.code(201);
        return serialise(definition.reply, answer, reply);
      },
    });
  }

  async #sessionRequest(
    request: FastifyRequest,
    token: string | undefined,
    today: LocalDate,
  ): Promise<SessionRequest & { organisationId: string }> {
    if (!token) throw unauthenticated();
    // A link to a file cannot carry a header: it says the organisation in its address.
    const { organisation } = request.query as { organisation?: unknown };
    const asked =
      request.headers['palier-organisation'] ??
      organisation ??
      readCookies(request.headers.cookie).get(organisationCookie);
    const onBehalfOf = request.headers['palier-on-behalf-of'];
    const session = {
      token,
      organisationId: null,
      onBehalfOf: typeof onBehalfOf === 'string' && onBehalfOf ? onBehalfOf : null,
      requestId: request.id,
      today,
    };
    if (typeof asked === 'string' && isId(asked)) return { ...session, organisationId: asked };
    // No organisation chosen yet: the first of the person's own.
    const [rows] = await this.#options.database.batch([openSession({ ...session, onBehalfOf: null })]);
    if (!rows[0]) throw unauthenticated('E-SIGN-IN-02');
    return { ...session, organisationId: rows[0].organisation_id };
  }

  #actor(rows: SessionRow[], permission: string): Actor {
    if (!rows[0]) throw unauthenticated('E-SIGN-IN-02');
    const actor = actorOf(rows[0], this.#options.permissions);
    requirePermission(actor, permission);
    return actor;
  }
}

const hasId = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'id' in answer;

/** Only what the reply's schema declares leaves: a column too many in a query never reaches a client. */
function serialise(schema: z.ZodType, answer: unknown, reply: FastifyReply): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(schema.parse(answer)));
}

/**
 * Runs a creating action once for a key: a repeated request waits for the first and gets its answer. The key is
 * written in the same transaction, so that an action that failed leaves no trace and may be tried again.
 */
async function once<E extends AnyEndpoint>(
  tx: Tx,
  actor: Actor,
  definition: E,
  key: string,
  input: Input<E>,
  perform: () => Promise<ReplyOf<E>>,
): Promise<ReplyOf<E>> {
  if (key.length > 200) throw invalid('E-IDEMPOTENCY-02');
  const { organisationId, userId } = actor;
  const requestHash = createHash('sha256')
    .update(JSON.stringify([definition.id, input.params, input.query, input.body]))
    .digest('hex');
  const claimed =
    await sql`insert into platform.idempotency_keys (organisation_id, key, user_id, endpoint, request_hash)
    values (${organisationId}, ${key}, ${userId}, ${definition.id}, ${requestHash})
    on conflict do nothing returning key`.execute(tx);
  if (claimed.rows.length === 0) {
    const { rows } = await sql<{ request_hash: string; response: ReplyOf<E> }>`
      select request_hash, response from platform.idempotency_keys
      where organisation_id = ${organisationId} and user_id = ${userId} and key = ${key}`.execute(tx);
    if (rows[0]?.request_hash !== requestHash) throw refused('E-IDEMPOTENCY-01');
    return rows[0].response;
  }
  const answer = await perform();
  await sql`update platform.idempotency_keys set response = ${JSON.stringify(answer ?? null)}
    where organisation_id = ${organisationId} and user_id = ${userId} and key = ${key}`.execute(tx);
  return answer;
}
