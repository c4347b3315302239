import type { Words } from '../../../ui/words.tsx';

/** « Rue des Tanneurs 48 bte 3 », as one reads it on the door. */
export const addressOf = (
  dwelling: { street: string; houseNumber: string; box: string | null },
  { t }: Pick<Words, 't'>,
): string =>
  t('dwellings.address', { street: dwelling.street, number: dwelling.houseNumber, box: dwelling.box ?? 'none' });

/** « appartement · 2 chambres », « appartement · T3 », « studio ». */
export function kindAndSize(
  dwelling: { kind: string; rooms: number | null; bedrooms: number },
  { t, word }: Pick<Words, 't' | 'word'>,
): string {
  const kind = word('dwelling-kind', dwelling.kind);
  if (dwelling.rooms) return `${kind} · T${dwelling.rooms}`;
  return dwelling.kind === 'studio' || dwelling.kind === 'room'
    ? kind
    : `${kind} · ${t('units.bedrooms', { count: dwelling.bedrooms })}`;
}
