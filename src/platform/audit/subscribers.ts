import type { News } from '../../kernel/news.ts';
import type { Tx } from '../database/connection.ts';
import type { Actor } from '../http/actor.ts';

/**
 * Subscribers run in the transaction of the news, in the order of the modules: what must be true together is written
 * together, or not at all.
 */
type Handler<Payload> = (tx: Tx, actor: Actor, payload: Payload) => Promise<void>;

export type Subscription = { name: string; handle: Handler<never> };

export const on = <Payload>(news: News<Payload>, handle: Handler<Payload>): Subscription => ({
  name: news.name,
  handle: handle as Handler<never>,
});

let subscriptions: readonly Subscription[] = [];

/** Called once, by the program that knows every module. */
export function connectSubscribers(all: readonly Subscription[]): void {
  subscriptions = all;
}

export async function publish<Payload>(tx: Tx, actor: Actor, news: News<Payload>, payload: Payload): Promise<void> {
  for (const subscription of subscriptions) {
    if (subscription.name === news.name) await subscription.handle(tx, actor, payload as never);
  }
}
