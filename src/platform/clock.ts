import { dayIn, type LocalDate } from '../kernel/local-date.ts';

/** What day it is. Both jurisdictions share the hour of Brussels and Paris; a test sets its own day. */
export type Clock = { today(): LocalDate };

export const systemClock: Clock = { today: () => dayIn('Europe/Brussels', new Date()) };

export const fixedClock = (today: LocalDate): Clock => ({ today: () => today });
