import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { id } from '../../kernel/schemas.ts';

export const getFile = endpoint({
  id: 'knowledge.getFile',
  method: 'GET',
  path: '/files/:id',
  summary: 'A document made or received, as a file',
  permission: 'documents.read',
  params: z.object({ id }),
  reply: z.unknown(),
});
