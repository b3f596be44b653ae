/**
 * Some workstations that only beat: the agent's own link machine and delivery on real sockets, with
 * a journal in memory.
 * usage: beating-peers.mjs JSON {url, collector: {id, publicKey}, seed, count, intervalMs}
 * stdin: JSON lines {hang: INDEX}, the power of one is gone.
 * stdout: JSON lines {welcomed: INDEX}
 */
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import { Delivery, encode } from '@ppe-pulse/protocol';
import { createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import { pinnedCollector, simulatedKey } from '../../server/dist/simulate/identity.js';
import { SimulatedLink } from '../../server/dist/simulate/link.js';

const { url, collector, seed, count, intervalMs } = JSON.parse(process.argv[2]);
const timers = { set: setTimeout, clear: clearTimeout };
const monotonicMs = () => performance.now();
const parts = {
  url: url.replace(/^http/, 'ws'),
  pinned: pinnedCollector(collector.id, collector.publicKey),
  timers,
  monotonicMs,
  random: Math.random,
  decode: createCollectorDecoder(),
  closed: () => undefined,
};
const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node 20',
};
const peers = Array.from({ length: count }, (_, index) => startPeer(index));
createInterface({ input: process.stdin }).on('line', (line) => peers[JSON.parse(line).hang].hang());

function startPeer(index) {
  const identity = simulatedKey(seed, index);
  const bootId = randomBytes(8).toString('hex');
  const journal = new Map();
  const delivery = new Delivery({
    journal: {
      ack: (_boot, ranges) => {
        for (const [from, to] of ranges)
          for (let seq = from; seq <= to; seq += 1) journal.delete(seq);
      },
      unacked: () => journal.values(),
      isUnacked: (_boot, seq) => journal.has(seq),
      read: ({ seq }) => journal.get(seq),
    },
    monotonicMs,
    timers,
    send: (heartbeat) => link.send(encode(heartbeat)),
    bufferedBytes: () => link.bufferedBytes,
  });
  const link = new SimulatedLink(
    parts,
    () => ({ identity, bootId, agentVersion: '0.1.0', capabilities: [], inventory }),
    {
      opened: () => undefined,
      welcomed: ({ backlogPerSecond }) => {
        delivery.connected(backlogPerSecond);
        process.stdout.write(`${JSON.stringify({ welcomed: index })}\n`);
      },
      received: (message) => {
        if (message.type === 'ack') delivery.acked(message);
      },
      lost: () => delivery.disconnected(),
    },
  );
  let seq = 0;
  const beat = setInterval(() => {
    seq += 1;
    const heartbeat = {
      type: 'heartbeat',
      bootId,
      seq,
      delivery: 'live',
      wallMs: Date.now(),
      monotonicMs: Math.round(monotonicMs()),
      mode: 'prep',
      journalLag: journal.size,
      metrics: { 'net.rtt.ms': 20 },
      verdicts: [verdictOf(index)],
    };
    journal.set(seq, heartbeat);
    delivery.live(heartbeat);
  }, intervalMs);
  link.start();
  return {
    hang: () => {
      clearInterval(beat);
      link.hang();
    },
  };
}

/** Of three workstations one is well, one so-so and one bad: a restart must remember which. */
function verdictOf(index) {
  const [verdict, reason] = [
    ['ok', 'ok'],
    ['warn', 'slowReply'],
    ['fail', 'slowReply'],
  ][index % 3];
  return { id: 'net.rtt', verdict, reason, evidence: {}, ageMs: 0 };
}
