import { decimal } from '../../../kernel/money.ts';
import { notFound } from '../../../kernel/problem.ts';
import type { Api } from '../../../platform/http/api.ts';
import { chosenSetting, valueOrDefault, valuesOrDefaults } from '../../organisations/index.ts';
import { moveInventory, openInventory } from './actions/inventories.ts';
import { makeConversionNote } from './actions/make-conversion-note.ts';
import { addProgramme, changeProgramme, dwellingsOf, moveProgramme } from './actions/programmes.ts';
import { setScenarioAside, tryScenario } from './actions/scenarios.ts';
import * as contract from './contract.ts';
import { rightList } from './lists.ts';
import { observe, partiesOf } from './observed.ts';
import { conversion, inventories, programmes, stockByYear } from './queries.ts';
import { meetingIsDue } from './rules/coordination.ts';
import { type Segment, smallestSegment, turnoverBySegment } from './rules/turnover.ts';

const presentSegment = ({ key, dwellings, freed, rate }: Segment) => ({
  key: [...key],
  dwellings: [...dwellings],
  freed: [...freed],
  rate: rate && decimal(rate, 6),
  small: (dwellings.at(-1) ?? 0) < smallestSegment,
});

/** What a new scenario begins with: the settings in force. */
const conversionSettings = [
  'flow.rotation-method',
  'flow.share-method',
  'flow.small-holder-below',
  'flow.small-holder-rounding',
  'flow.on-exhaustion',
] as const;

const conversionDefaults = (settings: ReturnType<typeof valuesOrDefaults<(typeof conversionSettings)[number]>>) => ({
  isSingleRate: settings['flow.rotation-method'] === 'single',
  share: settings['flow.share-method'],
  smallHolderBelow: settings['flow.small-holder-below'],
  smallHolderRounding: settings['flow.small-holder-rounding'],
  onExhaustion: settings['flow.on-exhaustion'],
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
    ({ organisationId, params, query, today }) => [
      conversion(organisationId, params.id, conversionSettings, today),
      stockByYear(organisationId, query.criteria, today),
    ],
    ([[found], rows], { actor, query }) => {
      if (!found) throw notFound();
      const { chosen, ...inventory } = found;
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
        defaults: conversionDefaults(valuesOrDefaults(conversionSettings, actor.jurisdiction, chosen)),
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
    ({ organisationId, today }) => [
      programmes(organisationId),
      chosenSetting(organisationId, 'flow.coordination-min-dwellings', today),
    ],
    ([items, [chosen]], { actor, today }) => {
      const may = actor.may('flow.convert');
      const leastDwellings = valueOrDefault('flow.coordination-min-dwellings', actor.jurisdiction, chosen?.value);
      return {
        items: items.map(({ sharing, ...item }) => ({
          ...item,
          rows: sharing.rows,
          setAsideBySize: sharing.setAside,
          meetingDue:
            item.own &&
            item.state !== 'agreed' &&
            meetingIsDue({ dwellings: dwellingsOf(item.sizes), meetingOn: item.meetingOn }, leastDwellings),
          can: {
            change: may && item.own && item.state !== 'agreed',
            propose: may && item.own && item.state === 'draft',
            agree: may && item.own && item.state === 'proposed',
          },
        })),
        leastDwellings,
        can: { add: may },
        today,
      };
    },
  );
  api.act(contract.addProgramme, ({ tx, actor, body, today }) => addProgramme(tx, actor, body, today));
  api.act(contract.changeProgramme, ({ tx, actor, params, body }) => changeProgramme(tx, actor, params.id, body));
  api.act(contract.moveProgramme, ({ tx, actor, params, body, today }) =>
    moveProgramme(tx, actor, params.id, body, today),
  );
}
