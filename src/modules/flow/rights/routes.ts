import { decimal } from '../../../kernel/money.ts';
import { notFound } from '../../../kernel/problem.ts';
import type { Api } from '../../../platform/http/api.ts';
import { moveInventory, openInventory } from './actions/inventories.ts';
import { makeConversionNote } from './actions/make-conversion-note.ts';
import { addProgramme, changeProgramme, moveProgramme } from './actions/programmes.ts';
import { setScenarioAside, tryScenario } from './actions/scenarios.ts';
import * as contract from './contract.ts';
import { rightList } from './lists.ts';
import { observe, partiesOf } from './observed.ts';
import { conversion, inventories, programmes, stockByYear } from './queries.ts';
import { type Segment, smallestSegment, turnoverBySegment } from './rules/turnover.ts';

const presentSegment = ({ key, dwellings, freed, rate }: Segment) => ({
  key: [...key],
  dwellings: [...dwellings],
  freed: [...freed],
  rate: rate && decimal(rate, 6),
  small: (dwellings.at(-1) ?? 0) < smallestSegment,
});

export function rightsRoutes(api: Api): void {
  api.read(
    contract.listInventories,
    ({ organisationId }) => [inventories(organisationId)],
    ([items], { actor, today }) => {
      const may = actor.may('flow.convert');
      const isOpen = items.some(({ own, state }) => own && state === 'draft');
      return {
        items: items.map((item) => {
          const acts = may && item.own;
          const can = {
            share: acts && item.state === 'draft' && item.synthesis.length > 0,
            reopen: acts && item.state === 'shared' && !isOpen,
            agree: acts && item.state === 'shared',
          };
          return { ...item, can };
        }),
        can: { open: may && !isOpen, convert: may },
        today,
      };
    },
  );
  api.act(contract.openInventory, ({ tx, actor, body }) => openInventory(tx, actor, body));
  api.act(contract.moveInventory, ({ tx, actor, params, body, today }) =>
    moveInventory(tx, actor, params.id, body, today),
  );
  api.list(contract.listRights, rightList);

  api.read(
    contract.getConversion,
    ({ organisationId, params, today }) => [conversion(organisationId, params.id), stockByYear(organisationId, today)],
    ([[inventory], rows], { query }) => {
      if (!inventory) throw notFound();
      const department = query.department ?? null;
      const { years, stock, freedInBase, departments } = observe(rows, department);
      const [whole] = turnoverBySegment(stock, []);
      return {
        inventory,
        years,
        freedInBase,
        departments,
        segments: turnoverBySegment(stock, query.criteria).map(presentSegment),
        whole: whole ? presentSegment(whole) : null,
        parties: partiesOf(inventory, department).parties,
        scenarios: inventory.scenarios.map(({ result, ...scenario }) => ({ ...scenario, ...result })) as never,
      };
    },
  );
  api.act(contract.tryScenario, ({ tx, actor, params, body, today }) => tryScenario(tx, actor, params.id, body, today));
  api.act(contract.setScenarioAside, async ({ tx, actor, params, today }) => {
    await setScenarioAside(tx, actor, params.id, today);
    return {};
  });

  api.act(contract.makeConversionNote, ({ tx, actor, params, body }) => makeConversionNote(tx, actor, params.id, body));

  api.read(
    contract.listProgrammes,
    ({ organisationId }) => [programmes(organisationId)],
    ([items], { actor, today }) => {
      const may = actor.may('flow.convert');
      return {
        items: items.map(({ sharing, ...item }) => ({
          ...item,
          rows: sharing.rows,
          setAsideBySize: sharing.setAside,
          can: {
            change: may && item.own && item.state !== 'agreed',
            propose: may && item.own && item.state === 'draft',
            agree: may && item.own && item.state === 'proposed',
          },
        })),
        can: { add: may },
        today,
      };
    },
  );
  api.act(contract.addProgramme, ({ tx, actor, body }) => addProgramme(tx, actor, body));
  api.act(contract.changeProgramme, ({ tx, actor, params, body }) => changeProgramme(tx, actor, params.id, body));
  api.act(contract.moveProgramme, ({ tx, actor, params, body, today }) =>
    moveProgramme(tx, actor, params.id, body, today),
  );
}
