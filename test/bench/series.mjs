/** The series store alone: space, questions at 17 M rows, commits meanwhile. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, row, startPart } from './bench.mjs';

export async function run({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const store = startPart('series-store.mjs', [home]);
  try {
    // A closed day and an open one of 3,000 workstations.
    const heartbeats = short ? 1_500_000 : 17_280_000;
    const filled = await fill(home, heartbeats);
    const { sortMs } = await store.ask({ do: 'open' });
    const bytes = statSync(join(home, 'raw', `${filled.closedDay}.duckdb`)).size;
    const asked = await store.ask({ do: 'ask', times: short ? 20 : 60 });
    const commits = await store.ask({ do: 'commit', seconds: short ? 5 : 20 });
    const at = `at ${(heartbeats / 1e6).toFixed(1)} M heartbeats`;
    return [
      row('bytes a row after closing the day', bytes / filled.closedRows, 'B', {
        atMost: 40,
        note: 'row of one family table',
      }),
      row('bytes a heartbeat after closing the day', bytes / filled.closedHeartbeats, 'B'),
      row('sorting and rolling a day up', sortMs / 1_000, 's'),
      row(`one workstation, 15 min, p99, ${at}`, percentile(asked.workstation, 0.99), 'ms', {
        atMost: 50,
      }),
      row(`one ППЭ, 15 min, p99, ${at}`, percentile(asked.site, 0.99), 'ms', { atMost: 100 }),
      row(`region p5/p50/p95 a minute over 8 h, ${at}`, percentile(asked.region, 0.5), 'ms', {
        atMost: 1_000,
      }),
      row('commit of 600 rows, p99', percentile(commits.tookMs, 0.99), 'ms', { atMost: 100 }),
      row('CPU of commits at 600/s', commits.cpuShare * 100, '% of a core', { atMost: 15 }),
      row('event-loop delay p99 while committing', commits.loopP99Ms, 'ms', { atMost: 10 }),
      row(`memory of the process, ${at}`, commits.rssMB, 'MB', {
        atMost: 600,
      }),
    ];
  } finally {
    await store.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Fills the files in a process of its own: its memory is not the store's. */
async function fill(home, heartbeats) {
  const filler = startPart('series-store.mjs', [home]);
  try {
    return await filler.ask({ do: 'fill', heartbeats });
  } finally {
    await filler.stop();
  }
}
