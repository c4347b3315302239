import { z } from 'zod';
import type { Endpoint } from '../kernel/endpoint.ts';

type Json = Record<string, unknown> & {
  type?: string;
  anyOf?: Json[];
  oneOf?: Json[];
  properties?: Record<string, Json>;
  items?: Json;
};

/** A body the endpoint accepts: the least its schema asks, with numbers that pass their checks. */
export function sampleBody(endpoint: Endpoint): unknown {
  if (!endpoint.body || endpoint.body instanceof z.ZodUndefined) return undefined;
  return sample(z.toJSONSchema(endpoint.body, { io: 'input', unrepresentable: 'any' }) as Json, '');
}

/** The least a query must hold, with its question mark; empty when it need hold nothing. */
export function sampleQuery(endpoint: Endpoint): string {
  if (!endpoint.query) return '';
  const asked = sample(z.toJSONSchema(endpoint.query, { io: 'input', unrepresentable: 'any' }) as Json, '');
  const query = new URLSearchParams(asked as Record<string, string>).toString();
  return query && `?${query}`;
}

const known: Record<string, unknown> = {
  uniqueNumber: '093012612345671110',
  iban: 'BE68 5390 0754 7034',
  nationalNumber: '85.07.30-033.28',
  enterpriseNumber: '0403.170.701',
  postalCode: '1030',
  department: '93',
  perimeterCode: '93048',
  rate: '0.05',
  share: '0.1',
  cap: '0.35',
  termsSha256: 'a'.repeat(64),
  capPercent: '2',
  email: 'nadia@exemple.be',
  roles: ['reader'],
  value: '3',
};

function sample(schema: Json, name: string): unknown {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return sample(variants[0]!, name);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (name in known) return known[name];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        ((schema.required as string[] | undefined) ?? []).map((key) => [key, sample(schema.properties![key]!, key)]),
      );
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => sample(schema.items!, name));
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema.minimum ?? 1));
    case 'boolean':
      return true;
    case 'string':
      if (schema.format === 'date') return '2026-03-12';
      if (schema.format === 'uuid') return '0197fd6a-0000-7000-8000-000000000001';
      return 'a'.repeat(Math.max(12, Number(schema.minLength ?? 1)));
    default:
      return null;
  }
}
