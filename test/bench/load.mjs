/** Many agents in one process: joins, floods, paces, and times heartbeat → board frame. */
import { once } from 'node:events';
import { Agent as SecureAgent } from 'node:https';
import { WebSocket } from 'ws';
import { LIVE_PATH, LIVE_SUBPROTOCOL } from '@ppe-pulse/protocol';
import { percentile, pause, servePart } from './bench.mjs';
import { joinOne } from './peers.mjs';
import { heartbeat } from './workstations.mjs';

const agents = [];
/** Connects over TLS; keeps a session for the next connection, or none. */
let secure;
const boards = [];
/** Sent at, by workstation and value of the round trip that names the heartbeat. */
const sentMs = new Map();
const delaysMs = [];
let columns = [];
let ids = [];

servePart(async (question) => {
  if (question.do === 'join') return join(question);
  if (question.do === 'leave') return leave();
  if (question.do === 'flood') return flood(question);
  if (question.do === 'pace') return pace(question);
  if (question.do === 'boards') return openBoards(question);
  return {};
});

/** Opens `count` sockets, 100 at a time; with `handshake` as real agents do. */
async function join({ url, count, handshake, ca, maxCachedSessions }) {
  const startedMs = performance.now();
  secure = ca === undefined ? undefined : new SecureAgent({ ca, maxCachedSessions });
  for (let from = 0; from < count; from += 100) {
    await Promise.all(
      Array.from({ length: Math.min(100, count - from) }, (_, at) =>
        joinAnd(url, from + at, handshake),
      ),
    );
  }
  return { joinedMs: performance.now() - startedMs };
}

/** Cuts all sockets, as a line that breaks does; TLS sessions stay known. */
async function leave() {
  const closed = agents.map(({ socket }) => once(socket, 'close'));
  for (const { socket } of agents) socket.terminate();
  await Promise.all(closed);
  agents.length = 0;
  return {};
}

async function joinAnd(url, number, handshake) {
  const agent = await joinOne(url, number, handshake, secure);
  agent.socket.on('message', () => undefined);
  agents.push(agent);
}

/** Sends `frames` heartbeats as fast as the server takes them. */
async function flood({ frames }) {
  const startedMs = performance.now();
  for (let sent = 0; sent < frames;) {
    for (const agent of agents) {
      if (sent >= frames) break;
      agent.seq += 1;
      agent.socket.send(JSON.stringify(heartbeat(agent.bootId, agent.seq, Date.now())));
      sent += 1;
    }
    const isBehind = () => agents.some((agent) => agent.socket.bufferedAmount > 65_536);
    do await pause(0);
    while (isBehind());
  }
  while (agents.some((agent) => agent.socket.bufferedAmount > 0)) await pause(1);
  return { tookMs: performance.now() - startedMs };
}

/** Sends `perSecond` heartbeats for `seconds`, spread evenly; each agent in its turn. */
async function pace({ perSecond, seconds }) {
  delaysMs.length = 0;
  sentMs.clear();
  const startedMs = performance.now();
  let sent = 0;
  while (performance.now() - startedMs < seconds * 1_000) {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * perSecond);
    for (; sent < due; sent += 1) {
      const agent = agents[sent % agents.length];
      agent.seq += 1;
      const beat = heartbeat(agent.bootId, agent.seq, Date.now());
      beat.metrics['net.rtt.ms'] = agent.seq;
      sentMs.set(agent.id, { seq: agent.seq, atMs: performance.now() });
      agent.socket.send(JSON.stringify(beat));
    }
    await pause(2);
  }
  await pause(500);
  return {
    sent,
    p50Ms: percentile(delaysMs, 0.5),
    p99Ms: percentile(delaysMs, 0.99),
    samples: delaysMs.length,
  };
}

/** Opens boards; the first one notes when each heartbeat shows. */
async function openBoards({ url, count, token }) {
  for (let at = 0; at < count; at += 1) {
    const socket = new WebSocket(url + LIVE_PATH, LIVE_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello', protocol: 1 }));
    socket.on('message', boards.length === 0 ? note : () => undefined);
    boards.push(socket);
  }
  return { boards: boards.length };
}

function note(data) {
  const nowMs = performance.now();
  const frame = JSON.parse(data.toString());
  if (frame.type === 'snapshot') {
    columns = frame.columns;
    ids = [];
  }
  if (frame.type === 'snapshot' || frame.type === 'more') {
    for (const [index, id] of frame.workstations) ids[index] = id;
  }
  if (frame.type !== 'delta') return;
  for (const [index, id] of frame.added) ids[index] = id;
  const column = 3 + columns.indexOf('net.rtt.ms');
  for (const change of frame.changes) {
    const sent = sentMs.get(ids[change[0]]);
    if (!sent || sent.seq !== change[column]) continue;
    // A workstation's row comes again when it falls silent: only the first time counts.
    sentMs.delete(ids[change[0]]);
    delaysMs.push(nowMs - sent.atMs);
  }
}
