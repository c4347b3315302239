/** What other modules may call: the suggestion for a freed dwelling, and what the counters count. */
export { countFlow, type FlowEvent, type FlowEventKind } from './actions/flow-events.ts';
export { requireOpenCategory } from './base/actions/open-categories.ts';
export { baseClassFor, leaveBase, linkMutation, noteOutsideLetting } from './base/vacancies.ts';
export { closuresInBulk, labelsInBulk } from './national/bulk.ts';
export { orientationFor } from './orientation/orientation-for.ts';
export { planFor } from './orientation/plan-for.ts';
export { stakesFor } from './orientation/stakes-for.ts';
export { exchanged, sayExchange } from './points/actions/exchanges.ts';
export type { FlowFacts } from './queries.ts';
export { rightsInBulk } from './rights/bulk.ts';
