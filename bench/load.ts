import { spawn } from 'node:child_process';
import autocannon from 'autocannon';

/** The generator of requests, in a process of its own so that it takes no time from what is measured. */

export type Load = {
  url: string;
  headers: Record<string, string>;
  /** Asked in turn by each connection. */
  paths: readonly string[];
  /** Sent with POST; `[<id>]` becomes a text that no other request has. */
  body?: string;
  connections: number;
  seconds: number;
};

export type LoadResult = { perSecond: number; p50: number; p99: number; failed: number; bytes: number };

/** @throws Error when requests failed: a rate of refusals says nothing */
export async function load(wanted: Load): Promise<LoadResult> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(wanted));
  const text = (await Array.fromAsync(child.stdout)).join('');
  const result = JSON.parse(text) as LoadResult;
  if (result.failed > 0) throw new Error(`${result.failed} requests failed: ${wanted.paths[0]}`);
  return result;
}

async function fire({ url, headers, paths, body, connections, seconds }: Load): Promise<LoadResult> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    requests: paths.map((path) => (body === undefined ? { path } : { path, method: 'POST', body })),
    idReplacement: body !== undefined,
  });
  return {
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
    bytes: result.throughput.total / Math.max(1, result.requests.total),
  };
}

if (process.argv[1] === import.meta.filename) {
  const asked = (await Array.fromAsync(process.stdin)).join('');
  console.log(JSON.stringify(await fire(JSON.parse(asked))));
}
