import { z } from 'zod';
import type { Endpoint } from '../kernel/endpoint.ts';

// biome-ignore lint/suspicious/noExplicitAny: an endpoint of any schemas
type AnyEndpoint = Endpoint<any, any, any, any>;

/** The OpenAPI 3.1 document of the endpoints, written from the schemas that the server itself checks. */
export function openApiDocument(endpoints: readonly AnyEndpoint[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const definition of [...endpoints].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const path = `/api/v1${definition.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] ??= {};
    paths[path][definition.method.toLowerCase()] = operation(definition);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Palier',
      version: '1',
      description:
        'Management of social housing. Sign in with POST /session; the answer sets a cookie. Send `Palier-Organisation` ' +
        'to choose among your organisations, and `Idempotency-Key` on requests that create, so that they can be repeated.',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    paths,
    components: {
      schemas: { Problem: problem },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'palier.session_token' } },
    },
  };
}

const problem = {
  type: 'object',
  description: 'Why a request was refused, in the language of the reader (RFC 9457)',
  properties: {
    type: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', examples: ['E-IBAN-01'] },
    title: { type: 'string' },
    detail: { type: 'string' },
    params: { type: 'object' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
  required: ['type', 'status', 'code', 'title', 'detail', 'requestId'],
};

function operation(definition: AnyEndpoint) {
  const [tag] = definition.id.split('.');
  return {
    operationId: definition.id,
    summary: definition.summary,
    tags: [tag],
    ...(definition.permission === 'public' ? { security: [] } : { security: [{ session: [] }] }),
    'x-permission': definition.permission,
    parameters: [...parameters(definition.params, 'path'), ...parameters(definition.query, 'query')],
    ...(definition.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(definition.body, 'input') } },
          },
        }
      : {}),
    ...(definition.accepts ? { requestBody: { required: true, content: filesOf(definition.accepts) } } : {}),
    responses: {
      [definition.method === 'POST' ? '2XX' : '200']: {
        description: 'Done',
        content: definition.answers
          ? filesOf(definition.answers)
          : { 'application/json': { schema: schemaOf(definition.reply, 'output') } },
      },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const filesOf = (mediaTypes: readonly string[]) =>
  Object.fromEntries(mediaTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));

type ObjectSchema = { properties?: Record<string, unknown>; required?: string[] };

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query') {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  return rest;
}
