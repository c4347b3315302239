import type { z } from 'zod';
import type { BodyInputOf, Endpoint, ParamsOf, QueryInputOf, ReplyOf } from '../kernel/endpoint.ts';

// biome-ignore lint/suspicious/noExplicitAny: an endpoint of any schemas
type AnyEndpoint = Endpoint<any, any, any, any>;

/** A refusal as the server says it, ready to be shown. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly params: Record<string, unknown>;
  readonly fields: { path: string; code: string; message: string }[];
  readonly requestId: string | undefined;

  constructor(document: {
    status: number;
    code: string;
    title: string;
    detail: string;
    params?: Record<string, unknown>;
    fields?: { path: string; code: string; message: string }[];
    requestId?: string;
  }) {
    super(`${document.title} ${document.detail}`);
    this.name = 'ApiProblem';
    this.status = document.status;
    this.code = document.code;
    this.title = document.title;
    this.detail = document.detail;
    this.params = document.params ?? {};
    this.fields = document.fields ?? [];
    this.requestId = document.requestId;
  }
}

type Given<E> = (E extends Endpoint<z.ZodUndefined, z.ZodType, z.ZodType, z.ZodType>
  ? { params?: undefined }
  : { params: ParamsOf<E> }) & {
  query?: QueryInputOf<E>;
  body?: BodyInputOf<E>;
  signal?: AbortSignal;
  /** Repeats of one act carry one key, so that it is done once. */
  key?: string;
};

/** What every request says of the person: which organisation, on whose behalf, which language. */
export const requestContext: { organisationId: string | null; onBehalfOf: string | null; language: string } = {
  organisationId: sessionStorage.getItem('palier.organisation'),
  onBehalfOf: sessionStorage.getItem('palier.on-behalf-of'),
  language: document.documentElement.lang || 'fr',
};

/** Calls an endpoint. @throws ApiProblem, also when the network is lost (code E-NETWORK-01) */
export async function call<E extends AnyEndpoint>(endpoint: E, given: Given<E> = {} as Given<E>): Promise<ReplyOf<E>> {
  const response = await send(addressOf(endpoint, given.params, given.query), {
    method: endpoint.method,
    ...(given.signal ? { signal: given.signal } : {}),
    headers: {
      ...contextHeaders(),
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(endpoint.method === 'POST' ? { 'idempotency-key': given.key ?? crypto.randomUUID() } : {}),
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  });
  return (await response.json()) as ReplyOf<E>;
}

/** The headers that say who acts; also for uploads and downloads. */
export const contextHeaders = (): Record<string, string> => ({
  'accept-language': requestContext.language,
  ...(requestContext.organisationId ? { 'palier-organisation': requestContext.organisationId } : {}),
  ...(requestContext.onBehalfOf ? { 'palier-on-behalf-of': requestContext.onBehalfOf } : {}),
});

/** @throws ApiProblem for any answer that is not a success */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiProblem({ status: 0, code: 'E-NETWORK-01', title: '', detail: '' });
  }
  if (response.ok) return response;
  const isProblem = response.headers.get('content-type')?.includes('problem+json');
  throw new ApiProblem(
    isProblem ? await response.json() : { status: response.status, code: 'E-NETWORK-02', title: '', detail: '' },
  );
}

/** The address of an endpoint; empty filters are left out. */
export function addressOf(
  endpoint: AnyEndpoint,
  params?: Record<string, unknown>,
  query?: Record<string, unknown>,
): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const suffix = search.toString();
  return `/api/v1${path}${suffix ? `?${suffix}` : ''}`;
}
