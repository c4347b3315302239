import { notFound } from '../../kernel/problem.ts';
import type { Api } from '../../platform/http/api.ts';
import { updateDwelling } from './actions/dwellings.ts';
import { createOwner, readOwnerAccount, updateOwner } from './actions/owners.ts';
import * as contract from './contract.ts';
import { contractList, dwellingList, ownerList } from './lists.ts';
import { dwellingRecord, ownerRecord } from './queries.ts';

export function portfolioRoutes(api: Api): void {
  api.list(contract.listDwellings, dwellingList);
  api.list(contract.listOwners, ownerList);
  api.list(contract.listContracts, contractList);

  api.read(
    contract.getDwelling,
    ({ organisationId, params }) => [dwellingRecord(organisationId, params.id)],
    ([[dwelling]], { actor }) => {
      if (!dwelling) throw notFound();
      return {
        ...dwelling,
        can: {
          manage: actor.may('portfolio.manage') && dwelling.leftOn === null,
          recordNotice: actor.may('tenancies.manage') && dwelling.occupancy === 'let',
        },
      };
    },
  );

  api.act(contract.updateDwelling, ({ tx, actor, params, body }) => updateDwelling(tx, actor, params.id, body));

  api.read(
    contract.getOwner,
    ({ organisationId, params }) => [ownerRecord(organisationId, params.id)],
    ([[owner]], { actor }) => {
      if (!owner) throw notFound();
      return {
        ...owner,
        can: { manage: actor.may('portfolio.manage'), readAccount: actor.may('portfolio.read-accounts') },
      };
    },
  );

  api.act(contract.createOwner, ({ tx, actor, body }) => createOwner(tx, actor, body));
  api.act(contract.updateOwner, ({ tx, actor, params, body }) => updateOwner(tx, actor, params.id, body));
  api.act(contract.readOwnerAccount, ({ tx, actor, params, body }) =>
    readOwnerAccount(tx, actor, params.id, body.purpose),
  );
}
