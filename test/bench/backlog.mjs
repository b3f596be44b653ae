/** Agents that come back with an hour in their journals. */
import { pause, servePart } from './bench.mjs';
import { joinOne } from './peers.mjs';
import { heartbeat } from './workstations.mjs';

servePart(async ({ url, from, count, heartbeats }) => {
  const agents = await Promise.all(
    Array.from({ length: count }, (_, at) => joinOne(url, from + at, true)),
  );
  const startedMs = performance.now();
  await Promise.all(agents.map((agent) => drain(agent, heartbeats)));
  return {
    drainedMs: performance.now() - startedMs,
    perSecond: agents[0].welcome.backlogPerSecond,
  };
});

/** Sends an hour's heartbeats at the collector's rate; ends when all are acked. */
async function drain({ socket, bootId, welcome }, heartbeats) {
  const open = new Set(Array.from({ length: heartbeats }, (_, at) => at + 1));
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type !== 'ack') return;
    for (const [first, last] of frame.ranges)
      for (let seq = first; seq <= last; seq += 1) open.delete(seq);
  });
  const startedMs = performance.now();
  const hourAgoMs = Date.now() - heartbeats * 5_000;
  for (let seq = 1; seq <= heartbeats; seq += 1) {
    const beat = heartbeat(bootId, seq, hourAgoMs + seq * 5_000);
    socket.send(JSON.stringify({ ...beat, delivery: 'backlog' }));
    const dueMs = startedMs + (seq * 1_000) / welcome.backlogPerSecond;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
  }
  while (open.size > 0) await pause(50);
  socket.close();
}
