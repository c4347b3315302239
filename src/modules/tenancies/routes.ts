import { notFound } from '../../kernel/problem.ts';
import type { Api } from '../../platform/http/api.ts';
import { recordNotice, withdrawNotice } from './actions/notices.ts';
import * as contract from './contract.ts';
import { dwellingTenancies, tenancyList, tenancyRecord } from './queries.ts';

export function tenancyRoutes(api: Api): void {
  api.list(contract.listTenancies, tenancyList);

  api.read(
    contract.getTenancy,
    ({ organisationId, params, today }) => [tenancyRecord(organisationId, params.id, today)],
    ([[tenancy]], { actor, today }) => {
      if (!tenancy) throw notFound();
      const open = tenancy.notices.find((notice) => notice.withdrawnOn === null);
      return {
        ...tenancy,
        can: {
          recordNotice: actor.may('tenancies.manage') && tenancy.endedOn === null,
          withdrawNotice: actor.may('tenancies.manage') && open !== undefined && open.endsOn >= today,
        },
      };
    },
  );

  api.read(
    contract.tenanciesOfDwelling,
    ({ organisationId, params, today }) => [dwellingTenancies(organisationId, params.id, today)],
    ([items]) => ({ items }),
  );

  api.act(
    contract.recordNotice,
    ({ tx, actor, params, body, today }) => recordNotice(tx, actor, params.id, body, today) as never,
  );
  api.act(contract.withdrawNotice, ({ tx, actor, params, body, today }) =>
    withdrawNotice(tx, actor, params.id, body, today),
  );
}
