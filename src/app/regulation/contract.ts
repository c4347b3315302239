import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { dayOut, quantity, source } from '../../kernel/schemas.ts';

export const listRegulation = endpoint({
  id: 'regulation.listRegulation',
  method: 'GET',
  path: '/regulation',
  summary: 'Every datum of law the program applies: its values by date, their sources, how far they can be trusted',
  permission: 'session',
  reply: z.object({
    /** The reader's own jurisdiction first. */
    series: z.array(
      z.object({
        name: z.string(),
        jurisdiction: z.enum(['be-bru', 'fr-idf']),
        /** The values of today, or the last known, were all read in an official text. */
        verified: z.boolean(),
        checkedOn: dayOut.nullable(),
        /** Where the program applies it, `module.file`. */
        usedBy: z.array(z.string()),
        /** From new to old. */
        rows: z.array(
          z.object({
            from: dayOut.nullable(),
            until: dayOut.nullable(),
            scope: z.string().nullable(),
            inForce: z.boolean(),
            verified: z.boolean(),
            values: z.record(z.string(), quantity.nullable()),
            sources: z.array(source),
          }),
        ),
      }),
    ),
  }),
});
