import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { endOfYear, type LocalDate, of } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { statements } from '../../../platform/database/statements.ts';
import { type Guaranteed, guaranteeOf } from './rules/guarantee.ts';

export type GuaranteeRow = {
  agreementId: string;
  reference: string;
  holder: string;
  contingent: string;
  perimeterName: string;
  beneficiaries: 'employees' | 'priority';
  kind: 'share' | 'count' | null;
  minimum: string | null;
  fromDay: LocalDate;
  note: string;
  leases: number;
  housed: number;
  unknown: number;
};

/** The day a year is counted to: its end, or today. */
export const countedTo = (year: number, today: LocalDate): LocalDate => {
  const end = endOfYear(of(year, 1, 1));
  return end < today ? end : today;
};

/**
 * What the agreements chosen guarantee on the last day counted of a year, with the leases of the year and those of
 * beneficiaries: counts, no names. @param chosen condition on `a`, the agreement
 */
export const guaranteesOf = (
  chosen: RawBuilder<boolean>,
  year: number,
  today: LocalDate,
): CompiledQuery<GuaranteeRow> => guaranteeRows(chosen, year, today).compile(statements);

/** The same, within another statement. */
export const guaranteeRows = (chosen: RawBuilder<boolean>, year: number, today: LocalDate): RawBuilder<GuaranteeRow> =>
  sql<GuaranteeRow>`
    with stated as (
      select distinct on (a.organisation_id, a.id) a.id as agreement_id, a.reference, a.contingent, a.holder_id, a.perimeter_code,
        g.beneficiaries, g.minimum_kind, g.minimum, g.from_day, g.note
      from flow.agreements a
      join flow.beneficiary_guarantees g on g.organisation_id = a.organisation_id and g.agreement_id = a.id
      where ${chosen} and a.state = 'signed' and g.from_day <= ${countedTo(year, today)}::date
      order by a.organisation_id, a.id, g.from_day desc, g.said_at desc),
    counted as (select b.* from insights.beneficiary_leases(array(select s.agreement_id from stated s where s.minimum_kind is not null),
      ${of(year, 1, 1)}::date, ${countedTo(year, today)}::date) b)
    select s.agreement_id as "agreementId", s.reference, h.name as holder, s.contingent,
      flow.perimeter_name(s.perimeter_code) as "perimeterName", s.beneficiaries, s.minimum_kind as kind,
      trim_scale(s.minimum)::text as minimum, s.from_day as "fromDay", s.note, coalesce(c.leases, 0) as leases,
      coalesce(case s.beneficiaries when 'employees' then c.employees else c.priority end, 0) as housed,
      coalesce(case s.beneficiaries when 'employees' then c.employees_unknown else 0 end, 0) as unknown
    from stated s
    join organisations.organisations h on h.id = s.holder_id
    left join counted c on c.agreement_id = s.agreement_id
    order by s.reference, s.agreement_id`;

/** A guarantee in force with how far it is kept; null when the agreement guarantees none. */
export function measured(
  row: GuaranteeRow | undefined,
  year: number,
  today: LocalDate,
): (GuaranteeRow & { kind: 'share' | 'count'; minimum: string } & Guaranteed & { steps: Step[] }) | null {
  if (!row?.kind || row.minimum === null) return null;
  const { kind, minimum } = row;
  const { result, steps } = guaranteeOf({
    kind,
    minimum,
    leases: row.leases,
    beneficiaries: row.housed,
    unknown: row.unknown,
    on: countedTo(year, today),
  });
  return { ...row, kind, minimum, ...result, steps };
}
