/** The servers of the benches: a bare ws sink, one that parses, or the real gateway with fold and no store. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { AGENT_PATH, AGENT_SUBPROTOCOL, Fleet, limits } from '@ppe-pulse/protocol';
import { openCollectorKey } from '../../server/dist/access/keys.js';
import { createBus } from '../../server/dist/bus/bus.js';
import { createGateway } from '../../server/dist/gateway/gateway.js';
import { createLog } from '../../server/dist/log.js';
import { createSocketServer } from '../../server/dist/sockets.js';
import { createTelemetry } from '../../server/dist/telemetry/telemetry.js';
import { servePart } from './bench.mjs';
import { workstation } from './workstations.mjs';

const [kind, workstations, keyFile] = process.argv.slice(2);
let frames = 0;
let cpu = process.cpuUsage();

const server = createServer();
if (kind === 'gateway') gateway();
else sink(kind === 'parse' ? (data) => JSON.parse(data.toString('utf8')) : () => undefined);
server.listen(0, '127.0.0.1');
await once(server, 'listening');

servePart(async (question) => {
  if (question.do === 'address') return { url: `ws://127.0.0.1:${server.address().port}` };
  if (question.do === 'reset') {
    frames = 0;
    cpu = process.cpuUsage();
    return {};
  }
  const used = process.cpuUsage(cpu);
  return { frames, cpuMicros: used.user + used.system };
});

function sink(read) {
  const sockets = new WebSocketServer({ server, path: AGENT_PATH, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      read(data);
      frames += 1;
    });
  });
}

function gateway() {
  const now = () => ({ wallMs: Date.now(), monotonicMs: performance.now() });
  const log = createLog('silent');
  const bus = createBus();
  const fleet = new Fleet({ now: now(), hasRestarted: false });
  bus.subscribe('heartbeat', (beat) => fleet.take(beat, now()));
  const enrolled = new Map();
  for (let number = 0; number < Number(workstations); number += 1) {
    const { id, publicKey, placement } = workstation(number);
    enrolled.set(id, { id, publicKey, placement, enrolledAtMs: 0 });
    fleet.place(id, placement, null, now());
  }
  const path = {
    path: AGENT_PATH,
    subprotocol: AGENT_SUBPROTOCOL,
    door: 'agent',
    maxFrameBytes: limits.agentFrameBytes,
    maxBufferedBytes: limits.agentBufferBytes,
    isProvenAtUpgrade: false,
    refuse: () => undefined,
  };
  const counters = createTelemetry(() => performance.now());
  createGateway(createSocketServer(server, [path], { log, counters: counters.sockets }), {
    bus,
    now,
    log,
    key: openCollectorKey(keyFile),
    enrolments: { find: (id) => enrolled.get(id), list: () => [...enrolled.values()] },
    counters,
    intervalMs: 5_000,
    // The flood is meant: the rate limit follows twice the backlog rate.
    backlogPerSecond: 10_000,
    store: () => {
      frames += 1;
      return 'pending';
    },
    storeRetryMs: () => 1_000,
    slotReturned: () => undefined,
  });
}
