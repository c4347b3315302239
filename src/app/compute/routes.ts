import type { Api } from '../../platform/http/api.ts';
import * as contract from './contract.ts';
import { computeRule, describeRules } from './rules.ts';

/** The rules of the trade, open to whoever is signed in: the same answer as `npx palier compute`. */
export function computeRoutes(api: Api): void {
  api.read(
    contract.listRules,
    () => [],
    () => ({ rules: describeRules() }),
  );
  api.read(
    contract.computeRule,
    () => [],
    (_rows, { params, body }) => computeRule(params.rule, body),
  );
}
