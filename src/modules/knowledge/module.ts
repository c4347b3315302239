import { loadFile } from '../../platform/files.ts';
import { openSessionIn } from '../../platform/http/actor.ts';
import { defineModule } from '../../platform/module.ts';
import { staff } from '../organisations/index.ts';
import { getFile } from './contract.ts';

export const knowledge = defineModule({
  name: 'knowledge',
  dependsOn: ['organisations'],
  permissions: { 'documents.read': [...staff, 'committee-member', 'holder-officer'] },
  routes(api, { database }) {
    api.stream(getFile, async ({ params, actor, session, reply }) => {
      const file = await database.app.transaction().execute(async (tx) => {
        await openSessionIn(session).execute(tx);
        return loadFile(tx, actor.organisationId, params.id);
      });
      return reply
        .type(file.mediaType)
        .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(file.content);
    });
  },
});
