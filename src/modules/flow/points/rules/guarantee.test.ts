import { expect, test } from 'vitest';
import { day } from '../../../../kernel/local-date.ts';
import { guaranteeOf } from './guarantee.ts';

const midYear = day('2026-07-02'); // 183 of 365 days
const end = day('2026-12-31');
test.each([
  ['share', '0.5', 20, 10, end, '10.0', '10.0', '0.5000', false, 'exactly what is guaranteed'],
  ['share', '0.5', 20, 9, end, '10.0', '9.0', '0.4500', true, '9 < 0.5 × 20'],
  ['share', '0.25', 4, 1, midYear, '2.0', '2.0', '0.2500', false, '0.25 × 4 × 365 ÷ 183 = 1.99, 1 × 365 ÷ 183 = 1.99'],
  ['count', '12', 30, 6, midYear, '12.0', '12.0', '0.2000', true, '6 × 365 ÷ 183 = 11.97 < 12'],
  ['count', '12', 30, 7, midYear, '12.0', '14.0', '0.2333', false, '7 × 365 ÷ 183 = 13.96'],
  ['share', '0.5', 0, 0, midYear, '0.0', '0.0', null, false, 'nothing let, nothing missing'],
  ['count', '1', 0, 0, midYear, '1.0', '0.0', null, true, 'a number is due even when nothing is let'],
] as const)('%s of %s with %s leases, %s beneficiaries', (kind, minimum, leases, beneficiaries, on, ...expected) => {
  const [required, projected, attained, isShort] = expected;
  const { result, steps } = guaranteeOf({ kind, minimum, leases, beneficiaries, unknown: 0, on });
  expect(result).toEqual({ required, projected, attained, isShort });
  expect(steps.at(-1)).toMatchObject({ label: 'guarantee.required', result: { value: required } });
});

test('a household of which it is not known is said apart and counts for none', () => {
  const { steps } = guaranteeOf({ kind: 'share', minimum: '0.5', leases: 4, beneficiaries: 1, unknown: 2, on: end });
  expect(steps).toContainEqual({ label: 'guarantee.unknown', result: { unit: 'count', value: 2 } });
});
