/** An arc one may send units along: whole capacity, whole cost a unit (below zero: a gain). */
export type Arc = { from: number; to: number; capacity: number; cost: number };

/**
 * The cheapest way to send as many units as fit from a source to a sink: successive shortest paths with potentials, exact
 * when capacities and costs are whole. There must be no circle of negative cost. With costs that grow along parallel arcs
 * it solves exactly the whole-number programme of sharing dwellings with convex costs.
 * @returns the units sent along each arc, in the order of the arcs
 */
export function leastCostFlow(
  nodes: number,
  arcs: readonly Arc[],
  source: number,
  sink: number,
): { flow: number[]; sent: number; cost: number } {
  // Arc 2i is arc i, arc 2i + 1 its way back.
  const from: number[][] = Array.from({ length: nodes }, () => []);
  const to: number[] = [];
  const room: number[] = [];
  const cost: number[] = [];
  for (const [index, arc] of arcs.entries()) {
    to.push(arc.to, arc.from);
    room.push(arc.capacity, 0);
    cost.push(arc.cost, -arc.cost);
    from[arc.from]!.push(2 * index);
    from[arc.to]!.push(2 * index + 1);
  }
  const potential = firstPotentials(nodes, arcs, source);
  const distance = new Array<number>(nodes);
  const arrived = new Array<number>(nodes);
  const done = new Array<boolean>(nodes);
  let sent = 0;
  let total = 0;
  for (;;) {
    distance.fill(Infinity);
    done.fill(false);
    arrived.fill(-1);
    distance[source] = 0;
    for (;;) {
      let at = -1;
      for (let node = 0; node < nodes; node++)
        if (!done[node] && distance[node]! < Infinity && (at < 0 || distance[node]! < distance[at]!)) at = node;
      if (at < 0) break;
      done[at] = true;
      for (const arc of from[at]!) {
        if (room[arc]! === 0) continue;
        const next = to[arc]!;
        const through = distance[at]! + cost[arc]! + potential[at]! - potential[next]!;
        if (through < distance[next]!) {
          distance[next] = through;
          arrived[next] = arc;
        }
      }
    }
    if (distance[sink] === Infinity) break;
    for (let node = 0; node < nodes; node++) if (distance[node]! < Infinity) potential[node]! += distance[node]!;
    let units = Infinity;
    for (let node = sink; node !== source; node = to[arrived[node]! ^ 1]!)
      units = Math.min(units, room[arrived[node]!]!);
    for (let node = sink; node !== source; node = to[arrived[node]! ^ 1]!) {
      room[arrived[node]!]! -= units;
      room[arrived[node]! ^ 1]! += units;
      total += units * cost[arrived[node]!]!;
    }
    sent += units;
  }
  return { flow: arcs.map((arc, index) => arc.capacity - room[2 * index]!), sent, cost: total };
}

/** Distances with costs below zero (Bellman and Ford), so that later ones are never below zero. */
function firstPotentials(nodes: number, arcs: readonly Arc[], source: number): number[] {
  const distance = new Array<number>(nodes).fill(Infinity);
  distance[source] = 0;
  for (let round = 0, changed = true; changed; round++) {
    if (round > nodes) throw new RangeError('A circle of negative cost');
    changed = false;
    for (const { from, to, capacity, cost } of arcs) {
      if (capacity > 0 && distance[from]! + cost < distance[to]!) {
        distance[to] = distance[from]! + cost;
        changed = true;
      }
    }
  }
  return distance.map((value) => (value === Infinity ? 0 : value));
}
