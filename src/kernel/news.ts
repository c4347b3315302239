/**
 * News from a lower module to a higher one: a notice is recorded, so a vacancy opens. Declared in the lower module's
 * contract, answered by the higher module in the same transaction (see `platform/audit/subscribers.ts`).
 */
export type News<Payload> = { readonly name: string; readonly payload?: Payload };

/** `defineNews<{ tenancyId: string }>('tenancies.notice-recorded')` */
export const defineNews = <Payload>(name: string): News<Payload> => ({ name });
