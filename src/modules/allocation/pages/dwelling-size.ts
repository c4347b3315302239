import type { Translate } from '../../../kernel/messages.ts';

/** « T3 » in France, « 2 chambres » in Brussels. */
export const sizeOf = (dwelling: { rooms: number | null; bedrooms: number }, t: Translate): string =>
  dwelling.rooms ? `T${dwelling.rooms}` : t('units.bedrooms', { count: dwelling.bedrooms });
