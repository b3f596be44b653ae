/** The way out: what a decision costs with its transaction, and deliveries a second to a local receiver. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAlerts } from '../../server/dist/alerts/create-alerts.js';
import { sampleIncident } from '../../server/dist/alerts/formats/sample-events.js';
import { createLog } from '../../server/dist/log.js';
import { createAudit } from '../../server/dist/state/audit.js';
import { openState } from '../../server/dist/state/state-store.js';
import { row } from './bench.mjs';

/** Each incident opens and ends: two events. */
const INCIDENTS = 1_000;
const region = {
  isSample: true,
  timeZone: 'Asia/Novokuznetsk',
  municipalities: [],
  sites: [],
};

export async function deliveries({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const receiver = await startReceiver();
  const database = openState(join(home, 'state.sqlite'));
  const alerts = createAlerts({
    database,
    audit: createAudit(database),
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: createLog('silent'),
    region: { current: () => ({ region, version: 1 }) },
    plans: { current: () => null },
    rehearsal: { nowMs: 0 },
    boardUrl: null,
  });
  try {
    await addReceiver(alerts, receiver.url);
    const count = short ? INCIDENTS / 5 : INCIDENTS;
    const first = await toFirst(alerts, database, receiver);
    const begun = receiver.count();
    const from = performance.now();
    const decidedMs = decide(alerts, database, count);
    await receiver.until(begun + count * 2);
    const tookMs = performance.now() - from;
    return [
      row('from a change to the first request out, disk and socket included', first, 'ms', {
        atMost: 1_000,
      }),
      row('decided and written with their cause', (count * 2_000) / decidedMs, 'per second'),
      row('deliveries to a receiver on loopback', (count * 2_000) / tookMs, 'per second', {
        note: `${count} openings and ends, each pair in order`,
      }),
    ];
  } finally {
    await alerts.close();
    database.close();
    receiver.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function toFirst(alerts, database, receiver) {
  const before = receiver.count();
  const from = performance.now();
  decide(alerts, database, 1, 900_000);
  await receiver.until(before + 1);
  const tookMs = performance.now() - from;
  await receiver.until(before + 2);
  return tookMs;
}

/** Openings and ends, each in a transaction, as the book writes them. */
function decide(alerts, database, count, fromId = 1) {
  const from = performance.now();
  const at = { wallMs: Date.now(), monotonicMs: performance.now() };
  for (const kind of ['opened', 'resolved'])
    for (let id = fromId; id < fromId + count; id += 1) {
      const incident = {
        ...sampleIncident(at.wallMs),
        id: `i-${id}`,
        severity: 'critical',
        isDrill: false,
        ...(kind === 'resolved' && { resolvedAtMs: at.wallMs, resolution: 'healed' }),
      };
      database.transaction(() => alerts.desk.take([{ kind, incident }], at));
      alerts.desk.wake();
    }
  return performance.now() - from;
}

async function addReceiver(alerts, url) {
  const outcome = await alerts.api.addWebhook(
    { name: 'bench', format: 'json', settings: { url }, allowsPrivate: true },
    { account: 'bench', atMs: Date.now() },
  );
  if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome));
}

async function startReceiver() {
  let count = 0;
  const waiting = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end();
      count += 1;
      for (const each of waiting.splice(0)) {
        if (count >= each.count) each.done();
        else waiting.push(each);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    count: () => count,
    until: (wanted) =>
      count >= wanted
        ? Promise.resolve()
        : new Promise((done) => waiting.push({ count: wanted, done })),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
