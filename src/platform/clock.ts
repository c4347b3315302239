import { dayIn, type LocalDate } from '../kernel/local-date.ts';

/** What day it is. Both jurisdictions share the hour of Brussels and Paris; a test sets its own day. */
export type Clock = { today(): LocalDate };

export const systemClock: Clock = {
  today() {
    // Days begin on a whole minute: within one, the answer stays.
    const minute = Math.floor(Date.now() / 60_000);
    if (asked.minute !== minute) asked = { minute, day: dayIn('Europe/Brussels', new Date()) };
    return asked.day;
  },
};

let asked = { minute: -1, day: '' as LocalDate };

export const fixedClock = (today: LocalDate): Clock => ({ today: () => today });
