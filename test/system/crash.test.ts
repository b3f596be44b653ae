import { describe, expect, it } from 'vitest';
import { createLog } from '../../server/src/log.ts';
import { DuckdbStore } from '../../server/src/series/duckdb/duckdb-store.ts';
import { join } from 'node:path';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { commands, listening, start } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const SEED = 20_240_515;
const ROUNDS = 5;
const AGENTS = 4;

/** A small generator: the same moments of death in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

describe('kill -9 of the collector', () => {
  it(
    `loses no acked heartbeat and stores none twice (seed ${SEED})`,
    { timeout: 120_000 },
    async () => {
      const dataDir = tempDir();
      const random = generator(SEED);
      const identities = Array.from({ length: AGENTS }, newIdentity);
      const boots = identities.map((_, at) => (at + 1).toString(16).padStart(16, '0'));
      const acked = identities.map(() => new Set<number>());
      const nextSeq = identities.map(() => 1);
      for (let round = 0; round < ROUNDS; round += 1) {
        const child = start(commands.collector, ['serve', '--port', '0', '--data', dataDir]);
        const collector = (await listening(dataDir, child)) as Collector;
        const peers = await Promise.all(
          identities.map(async (identity, at) => {
            await enrol(collector, identity, `000${at}`);
            return AgentPeer.join(collector.url, identity, boots[at]);
          }),
        );
        const dieAtMs = performance.now() + 400 + random() * 2_200;
        while (performance.now() < dieAtMs) {
          for (const [at, peer] of peers.entries()) {
            const seq = nextSeq[at] ?? 1;
            nextSeq[at] = seq + 1;
            peer.send(peer.heartbeat(seq));
            // What was sent before and never acked comes again, as a journal would send it.
            const lost = Array.from({ length: seq - 1 }, (_, i) => i + 1).find(
              (each) => !acked[at]?.has(each) && each < seq - 60,
            );
            if (lost !== undefined) peer.send(peer.heartbeat(lost, { delivery: 'backlog' }));
          }
          await new Promise((resolve) => setTimeout(resolve, 15));
        }
        child.kill('SIGKILL');
        await child.ended;
        for (const [at, peer] of peers.entries()) for (const seq of peer.acked) acked[at]?.add(seq);
      }
      expect(acked.every((each) => each.size > 50)).toBe(true);

      const store = new DuckdbStore(
        {
          directory: join(dataDir, 'series'),
          memoryLimitBytes: 2e8,
          threads: 2,
          horizonMs: 4 * 86_400_000,
          diskBudgetBytes: 1e12,
        },
        createLog('silent'),
      );
      await store.open();
      const ranges = await store.delivered();
      for (const [at, identity] of identities.entries()) {
        const own = ranges.filter((range) => range.workstationId === identity.agentId);
        const missing = [...(acked[at] ?? [])].filter(
          (seq) => !own.some((range) => range.from <= seq && seq <= range.to),
        );
        expect(missing).toEqual([]);
        const distinct = own.reduce((sum, range) => sum + range.to - range.from + 1, 0);
        const { points } = await store.series({
          metric: 'net.rtt.ms',
          workstationIds: [identity.agentId],
          fromMs: Date.now() - 3_600_000,
          toMs: Date.now() + 3_600_000,
          points: 1,
        });
        expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(distinct);
      }
      await store.close();
    },
  );
});
