import { decimal, exact } from '../../kernel/money.ts';
import { notFound } from '../../kernel/problem.ts';
import { count, number, rate, type Step } from '../../kernel/steps.ts';
import type { Api } from '../../platform/http/api.ts';
import { policy } from '../../regulation/sources.ts';
import { createAgreement } from './actions/create-agreement.ts';
import type { Agreement } from './contract.ts';
import * as contract from './contract.ts';
import { agreementsWithFigures, trajectory } from './queries.ts';
import { projectToYearEnd } from './rules/projection.ts';

type Counted = Omit<Agreement, 'figures'> & { figures: Omit<Agreement['figures'], 'due'> };

const dueOf = (share: string, freed: number): string => decimal(exact(share).mul(freed), 2);

const withDue = (agreement: Counted): Agreement => ({
  ...agreement,
  figures: { ...agreement.figures, due: dueOf(agreement.share, agreement.figures.freed) },
});

export function flowRoutes(api: Api): void {
  api.read(
    contract.listAgreements,
    ({ organisationId, today }) => [
      agreementsWithFigures({ landlordId: organisationId }, today),
      agreementsWithFigures({ holderId: organisationId }, today),
    ],
    ([asLandlord, asHolder], { today }) => ({
      items: [...asLandlord, ...asHolder].map((row) => withDue(row as Counted)),
      today,
    }),
  );

  api.read(
    contract.getStanding,
    ({ params, today }) => [agreementsWithFigures({ agreementId: params.id }, today), trajectory(params.id, today)],
    ([[counted], months], { today }) => {
      if (!counted) throw notFound();
      const agreement = withDue(counted as Counted);
      const { figures, share } = agreement;
      const projection = projectToYearEnd({ count: figures.proposed, on: today });
      const freedAtYearEnd = projectToYearEnd({ count: figures.freed, on: today }).result.expected;
      const steps: Step[] = [
        { label: 'standing.freed', result: count(figures.freed) },
        { label: 'standing.share', result: rate(share), source: policy(`Convention ${agreement.reference}`) },
        {
          label: 'standing.due',
          inputs: { freed: count(figures.freed), share: rate(share) },
          formula: 'freed × share',
          result: number(figures.due),
        },
        { label: 'standing.proposed', result: count(figures.proposed) },
        {
          label: 'standing.gap',
          inputs: { proposed: count(figures.proposed), due: number(figures.due) },
          formula: 'proposed − due',
          result: number(decimal(exact(figures.proposed).sub(exact(figures.due)), 2)),
        },
      ];
      return {
        agreement,
        steps: steps as never,
        trajectory: months.map(({ on, freed, proposed, leased }) => ({
          on,
          due: dueOf(share, freed),
          proposed,
          leased,
        })),
        projection: {
          low: projection.result.low,
          high: projection.result.high,
          dueAtYearEnd: decimal(exact(freedAtYearEnd).mul(share), 1),
          steps: projection.steps as never,
        },
        today,
      };
    },
  );

  api.act(contract.createAgreement, ({ tx, actor, body }) => createAgreement(tx, actor, body));
}
