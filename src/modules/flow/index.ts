/** What other modules may call: the suggestion for a freed dwelling, and what the counters count. */
export { countFlow, type FlowEventKind } from './actions/flow-events.ts';
export { orientationFor } from './orientation.ts';
export type { FlowFacts } from './queries.ts';
