import { NumberInput, type NumberInputProps, TextInput } from '@mantine/core';
import type { ComponentProps } from 'react';

/** A day: the browser's own field, which every keyboard and screen reader knows. Its value is 'YYYY-MM-DD' or ''. */
export function DayField({
  value,
  onChange,
  ...rest
}: Omit<ComponentProps<typeof TextInput>, 'onChange' | 'value'> & { value?: string; onChange?(value: string): void }) {
  return <TextInput type="date" value={value} onChange={(event) => onChange?.(event.currentTarget.value)} {...rest} />;
}

/** An amount in euros; its value is whole cents, or null when empty. */
export function EuroField({
  value,
  onChange,
  ...rest
}: Omit<ComponentProps<typeof NumberInput>, 'onChange' | 'value'> & {
  value?: number | null;
  onChange?(cents: number | null): void;
}) {
  return (
    <NumberInput
      value={value === null || value === undefined ? '' : value / 100}
      onChange={(typed) => onChange?.(typed === '' ? null : Math.round(Number(typed) * 100))}
      decimalSeparator=","
      thousandSeparator=" "
      decimalScale={2}
      fixedDecimalScale
      min={0}
      suffix=" €"
      hideControls
      {...rest}
    />
  );
}

/** A share in per cent, as it is typed: 12,5. */
export function PercentField(props: NumberInputProps) {
  return <NumberInput suffix=" %" decimalSeparator="," decimalScale={4} min={0} max={100} hideControls {...props} />;
}
