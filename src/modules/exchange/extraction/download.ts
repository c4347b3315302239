import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Says that the answer is a file to keep under a name, accents included (RFC 6266). */
export function asAttachment(reply: FastifyReply, name: string, mediaType: string): FastifyReply {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\w. -]+/g, '-');
  return reply
    .type(mediaType)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`);
}

/** Answers a file made as it is sent. */
export const sendFile = (
  reply: FastifyReply,
  name: string,
  mediaType: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): FastifyReply => asAttachment(reply, name, mediaType).send(Readable.from(pieces, { objectMode: false }));
