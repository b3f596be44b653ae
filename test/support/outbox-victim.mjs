/**
 * A collector's outbox that dies at a chosen moment:
 * `outbox-victim.mjs STATE-FILE RECEIVER-URL FAULT NTH ROUND`.
 * It writes events of three incidents, a line on stdout for each that is committed, and delivers. FAULT is
 * a step of a delivery, `uncommitted` for inside the deciding transaction, or `none`; it dies when that
 * is reached for the NTH time. ROUND numbers the events, 0 writes none. Without a fault it ends when
 * nothing is pending any more.
 */
import { writeSync } from 'node:fs';
import { Dispatcher } from '../../server/dist/alerts/outbox/dispatcher.js';
import { OutboxQueue } from '../../server/dist/alerts/outbox/outbox-queue.js';
import { OutboxStore } from '../../server/dist/alerts/outbox/outbox-store.js';
import { AddressPolicy } from '../../server/dist/alerts/transport/address-policy.js';
import { systemResolver } from '../../server/dist/alerts/transport/host-resolver.js';
import { HttpSend } from '../../server/dist/alerts/transport/http-send.js';
import { systemClock } from '../../server/dist/clock.js';
import { openState } from '../../server/dist/state/state-store.js';

const [, , statePath, url, fault, nth, round] = process.argv;
const clock = systemClock();
const database = openState(statePath);
const store = new OutboxStore(database);
const http = new HttpSend({ policy: new AddressPolicy(), resolve: systemResolver(), clock });
const webhook = { id: 'wh-1', isEnabled: true, allowsPrivate: true };

let reached = 0;
const dieAt = (name) => {
  if (name !== fault) return;
  reached += 1;
  if (reached === Number(nth)) process.kill(process.pid, 'SIGKILL');
};

const dispatcher = new Dispatcher({
  store,
  queue: new OutboxQueue(database),
  webhookOf: (id) => (id === webhook.id ? webhook : undefined),
  make: (event) => ({
    kind: 'http',
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ incident: event.incident.id, event: event.id }),
  }),
  send: { http: http.send, mail: http.send },
  clock,
  random: Math.random,
  timers: { set: setTimeout, clear: clearTimeout },
  log: { warn: () => undefined, error: (details, text) => console.error(text, details) },
  onEnded: () => undefined,
  step: dieAt,
});

for (let number = 0; number < (round === '0' ? 0 : 9); number += 1) {
  decide((number % 3) + 1, Math.floor(number / 3));
  dispatcher.wake();
  // As the collector's clock does: what was decided goes out between two decisions.
  await new Promise((resolve) => setTimeout(resolve, 3));
}
dispatcher.wake();
while (dispatcher.figures().pending > 0) await new Promise((resolve) => setTimeout(resolve, 10));
await dispatcher.close();
http.close();
database.close();

/** An incident changes and who must know is told, in one transaction. */
function decide(incident, step) {
  const name = `i_${incident}_round_${round}_step_${step}`;
  const atMs = clock.wallMs();
  const event = {
    id: `evt_${name.padEnd(22, '_')}`,
    kind: 'raised',
    atMs,
    incident: { id: `i-${incident}` },
    digest: [],
    isDrill: false,
  };
  database.transaction(() => {
    database.run(
      `INSERT INTO incidents (id, is_open, severity, opened_at_ms, body)
       VALUES (?, 1, 'critical', ?, '1')
       ON CONFLICT (id) DO UPDATE SET body = CAST(body AS INTEGER) + 1`,
      incident,
      atMs,
    );
    store.record(event, [{ id: webhook.id, giveUpAfterMs: 3_600_000 }], atMs);
    dieAt('uncommitted');
  });
  writeSync(1, `${event.id}\n`);
}
