import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { steps } from '../../kernel/schemas.ts';

export const listRules = endpoint({
  id: 'compute.listRules',
  method: 'GET',
  path: '/compute',
  summary: 'The rules one may compute, with the JSON schema of what each wants to know',
  permission: 'session',
  reply: z.object({
    rules: z.array(z.object({ name: z.string(), summary: z.string(), input: z.record(z.string(), z.unknown()) })),
  }),
});

export const computeRule = endpoint({
  id: 'compute.computeRule',
  method: 'POST',
  path: '/compute/:rule',
  summary: 'Compute a rule: its result, and how it was obtained',
  permission: 'session',
  params: z.object({ rule: z.string().max(100) }),
  body: z.unknown().meta({ description: 'What the rule wants to know: see GET /compute' }),
  reply: z.object({ result: z.unknown(), steps }),
});
