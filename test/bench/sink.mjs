/** The servers of the gateway bench: a bare ws sink, or the real gateway with fold and no store. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { AGENT_PATH, AGENT_SUBPROTOCOL, limits } from '@ppe-pulse/protocol';
import { openCollectorKey } from '../../server/dist/access/keys.js';
import { createBus } from '../../server/dist/bus/bus.js';
import { systemClock } from '../../server/dist/clock.js';
import { createFleet } from '../../server/dist/fleet/fleet.js';
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
if (kind === 'bare') bare();
else gateway();
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

function bare() {
  const sockets = new WebSocketServer({ server, path: AGENT_PATH, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', () => {
      frames += 1;
    });
  });
}

function gateway() {
  const clock = systemClock();
  const log = createLog('silent');
  const bus = createBus();
  const fleet = createFleet(bus, clock);
  const enrolled = new Map();
  for (let number = 0; number < Number(workstations); number += 1) {
    const { id, publicKey, placement } = workstation(number);
    enrolled.set(id, { id, publicKey, placement, enrolledAtMs: 0, lastSeenAtMs: null });
    fleet.place(id, placement, null);
  }
  const path = {
    path: AGENT_PATH,
    subprotocol: AGENT_SUBPROTOCOL,
    maxFrameBytes: limits.agentFrameBytes,
    refuse: () => undefined,
  };
  createGateway(createSocketServer(server, [path], log), {
    bus,
    clock,
    log,
    key: openCollectorKey(keyFile),
    registry: { find: (id) => enrolled.get(id) },
    counters: createTelemetry(() => clock.monotonicMs()),
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
