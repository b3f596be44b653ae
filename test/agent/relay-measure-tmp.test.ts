import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AgentPeer, newIdentity } from '../support/agent-peer.ts';
import { testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { until } from '../support/processes.ts';
import { enrolMember, relayProcess, storedCount } from '../support/relay.ts';
import { fullHeartbeat } from './journal-heartbeats.ts';

const cpuMs = (pid: number) => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(f[11]) + Number(f[12])) * 10;
};
const rssMb = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

describe('measure', { timeout: 300_000 }, () => {
  it.each([0, 25, 200])('%i members', async (count) => {
    const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '5000' });
    const ids = [];
    for (let i = 0; i < count; i += 1) ids.push(await enrolMember(collector, { roomCode: String(1000 + i) }, newIdentity()));
    const line = await cutLine(collector.url);
    const relay = await relayProcess(collector, { uplinkUrl: line.url });
    await until(() => relay.status()?.relay?.membersKnown === count, 'roster', 30_000);
    const peers = [];
    for (const id of ids) peers.push(await AgentPeer.join(relay.url, id));
    const seqs = peers.map(() => 0);
    const bodies = Array.from({ length: 10 }, (_, i) => fullHeartbeat(i + 1, 2));
    const lat: number[] = [];
    const timers = peers.map((peer, at) => {
      let t: NodeJS.Timeout;
      setTimeout(() => {
        t = setInterval(() => {
          seqs[at]! += 1;
          const b = bodies[seqs[at]! % 10]!;
          peer.send(peer.heartbeat(seqs[at]!, { metrics: { ...b.metrics, 'net.rtt.ms': 1 }, verdicts: b.verdicts }));
        }, 5_000);
      }, Math.random() * 5_000);
      return () => clearInterval(t);
    });
    const pid = relay.child().process.pid!;
    await new Promise((r) => setTimeout(r, 10_000));
    const c0 = cpuMs(pid), t0 = performance.now();
    await new Promise((r) => setTimeout(r, 20_000));
    console.log(count, 'members 5s: cpu %', ((cpuMs(pid) - c0) / (performance.now() - t0)) * 100, 'rss MB', rssMb(pid), 'frame bytes', JSON.stringify(bodies[0]).length);
    if (count > 0) {
      line.cut();
      await new Promise((r) => setTimeout(r, 25_000));
      const spooled = relay.status()?.relay?.spooled;
      line.join();
      await until(() => relay.status()?.link === 'live', 'live', 70_000);
      const t1 = performance.now();
      await until(() => (relay.status()?.relay?.spooled ?? 1e9) < count, 'drained', 70_000);
      console.log('spooled', spooled, 'drained in ms', performance.now() - t1, 'rss', rssMb(pid));
      for (const stop of timers) stop();
      await until(() => relay.status()?.relay?.spooled === 0, 'empty', 30_000);
      let lost = 0;
      for (const [at, id] of ids.entries()) lost += seqs[at]! - (await storedCount(collector, id.agentId));
      console.log('lost', lost);
      expect(lost).toBe(0);
    }
  });
});
