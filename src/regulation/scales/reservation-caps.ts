import { dated } from '../../kernel/dated.ts';
import { day } from '../../kernel/local-date.ts';
import { law, unverified } from '../sources.ts';

/**
 * How much of a landlord's yearly flow may be reserved, as parts of its whole flow (L-20 to L-29). Counted in flow since
 * the décret 2020-145, of 20 February 2020.
 */
const from = day('2020-02-22');
const checkedOn = day('2026-11-22');
const code = 'Code de la construction et de l’habitation';

/** The préfet, his staff included (L-20). */
export const stateCap = dated({
  subject: 'state-cap',
  unit: 'rate',
  checkedOn,
  values: [{ from, value: '0.3', source: law(code, 'R441-5-2 I') }],
});

/** Of which civil and military agents of the State: points of the whole flow (L-20). */
export const stateStaffCap = dated({
  subject: 'state-staff-cap',
  unit: 'rate',
  checkedOn,
  values: [{ from, value: '0.05', source: law(code, 'R441-5-2 I') }],
});

/** Outside the quartiers prioritaires the share of the préfet is not below this, unless agreed otherwise (L-23). */
export const stateFloorOutsideQpv = dated({
  subject: 'state-floor',
  unit: 'rate',
  checkedOn,
  values: [{ from, value: '0.3', source: law(code, 'R441-5-2 II') }],
});

/** Against loan guarantees, all local authorities together (L-26): the wording in force was not read. */
export const guaranteeCap = dated({
  subject: 'guarantee-cap',
  unit: 'rate',
  checkedOn,
  values: [
    { from, value: '0.2', source: unverified('Plafond des réservations contre garantie d’emprunt', 'R441-5-4') },
  ],
});

/** A derogation of the préfet to his own cap lasts one year at most (L-21). */
export const derogationYears = { value: 1, source: law(code, 'R441-5-2 I') } as const;

/** The share of the préfet is the same in every commune, unless agreed otherwise (L-22). */
export const uniformStateShare = { source: law(code, 'R441-5-2 II') } as const;

/** One agreement a landlord, holder and département, or on its own territory for a commune (L-08, L-09). */
export const agreementPerimeter = {
  department: law(code, 'R441-5 I'),
  territory: law(code, 'R441-5-3'),
  source: law(code, 'R441-5 I'),
} as const;
