/**
 * A crowd of bad TCP peers in a process of its own: `node crowd.mjs PORT COUNT KIND ADDRESSES`.
 * KIND: `silent` says nothing, `drip` sends a head byte by byte, `upgrade` upgrades and says no more.
 * Prints a JSON line when all have been answered or are waiting, and another when all are gone.
 */
import { connect } from 'node:net';

/** Connections that are being made at once: the listener's backlog holds more. */
const AT_ONCE = 200;
const DRIP_EVERY_MS = 500;
const UPGRADE = [
  'GET /agent/v1 HTTP/1.1',
  'Host: collector',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: ppe-pulse.agent.v1',
  '',
  '',
].join('\r\n');

const [port, count, kind, addresses] = process.argv.slice(2);
const total = Number(count);
const startMs = performance.now();
const statuses = {};
const retryAfter = new Set();
let connected = 0;
let failed = 0;
let gone = 0;
let firstGoneMs;

function report(what) {
  const afterMs = Math.round(performance.now() - startMs);
  console.log(
    JSON.stringify({
      what,
      afterMs,
      connected,
      failed,
      gone,
      firstGoneMs: firstGoneMs ?? null,
      statuses,
      retryAfter: [...retryAfter],
    }),
  );
}

/** 127.1.0.1, 127.1.0.2, …: all of 127.0.0.0/8 is this machine. */
function addressOf(at) {
  const number = at % Number(addresses);
  return `127.1.${Math.floor(number / 250)}.${1 + (number % 250)}`;
}

/** Resolves when the peer waits for the collector and not the other way round. */
function open(at) {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: addressOf(at) });
    let isConnected = false;
    let dripped = 0;
    let timer;
    socket.on('connect', () => {
      isConnected = true;
      connected += 1;
      if (kind === 'upgrade') socket.write(UPGRADE);
      if (kind === 'drip') {
        timer = setInterval(() => socket.write(UPGRADE[dripped++ % 40]), DRIP_EVERY_MS);
      }
      if (kind !== 'upgrade') resolve();
    });
    socket.once('data', (data) => {
      const text = data.toString('latin1');
      const status = text.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const wait = /^Retry-After: (\d+)/im.exec(text)?.[1];
      if (wait) retryAfter.add(Number(wait));
      resolve();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      if (isConnected) {
        gone += 1;
        firstGoneMs ??= Math.round(performance.now() - startMs);
      } else failed += 1;
      resolve();
      if (gone + failed === total) report('gone');
    });
  });
}

for (let from = 0; from < total; from += AT_ONCE) {
  const some = Math.min(AT_ONCE, total - from);
  await Promise.all(Array.from({ length: some }, (_, at) => open(from + at)));
}
report('here');
