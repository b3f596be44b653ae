import { describe, expect, it } from 'vitest';
import { playStory, type Story, type StoryKind } from '../support/link-world/story.ts';

const FIRST_SEED = Number(process.env.PPE_PULSE_SEED ?? 20_240_305);
const RUNS = Number(process.env.PPE_PULSE_RUNS ?? 0) || undefined;

/** Plays many stories and names the seed and the faults of the first that broke a rule. */
function playAll(
  kind: StoryKind,
  runs: number,
  broken: (story: Story) => string | undefined,
): void {
  for (let run = 0; run < (RUNS ?? runs); run += 1) {
    const seed = FIRST_SEED + run;
    const story = playStory(kind, seed);
    const fault = broken(story) ?? always(story);
    if (fault !== undefined)
      expect.fail(`PPE_PULSE_SEED=${seed}: ${fault}\nafter ${story.faults.join(', ')}`);
  }
}

/** What holds in every story. */
function always({ collector, actors, calmSinceMs }: Story): string | undefined {
  for (const { agent } of actors) {
    const lost = [...agent.acked].filter((key) => !collector.stored.has(key));
    if (lost.length > 0) return `acked and not stored: ${lost.join(' ')}`;
    if (agent.lateLive > 0) return `${agent.id} called ${agent.lateLive} late heartbeats live`;
    const loops = busiestMinute(agent.connectsMs);
    if (loops > 30) return `${agent.id} connected ${loops} times in a minute`;
    const heartbeat = collector.fleet?.get(agent.id)?.heartbeat;
    if (agent.isAlive) {
      const restless = agent.connectsMs.filter((atMs) => atMs > calmSinceMs + 100_000).length;
      if (restless > 0) return `${agent.id} connected ${restless} times in the calm`;
      if (heartbeat?.verdict !== 'ok') return `${agent.id} is ${heartbeat?.verdict} in the end`;
      const missing = [...agent.produced].filter((key) => !collector.stored.has(key));
      // The newest ones are still on their way.
      if (missing.length > 2) return `${agent.id} never delivered ${missing.length}: ${missing[0]}`;
      if (agent.unacked > 3) return `${agent.id} keeps ${agent.unacked} in its journal`;
    } else if (heartbeat?.verdict !== 'unknown')
      return `${agent.id} is dead and called ${heartbeat?.verdict}`;
  }
  const twice = [...collector.folded].filter(([, times]) => times > 1);
  if (twice.length > 0) return `folded twice: ${twice[0]?.[0]}`;
  const doubled = [...collector.stored].filter(([, times]) => times > 1);
  return doubled.length > 0 ? `stored twice: ${doubled[0]?.[0]}` : undefined;
}

function busiestMinute(timesMs: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (const [at, timeMs] of timesMs.entries()) {
    while ((timesMs[from] ?? timeMs) < timeMs - 60_000) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

/** Flips that call a workstation silent to which nothing had happened. */
function falselySilent({ collector, actors }: Story): string | undefined {
  const innocent = new Set(
    actors.filter(({ hasFailed }) => !hasFailed).map(({ agent }) => agent.id),
  );
  const flip = collector.flips.find(
    ({ workstationId, checkId, to }) =>
      innocent.has(workstationId) && checkId === 'heartbeat' && to === 'unknown',
  );
  return flip && `${flip.workstationId} called ${flip.reason} at ${Math.round(flip.worldMs)}`;
}

/** Nobody's image was copied: a restart is no clone. */
function falselyCloned({ collector }: Story): string | undefined {
  const flip = collector.flips.find(({ checkId }) => checkId === 'clone');
  return flip && `${flip.workstationId} called a clone at ${Math.round(flip.worldMs)}`;
}

describe('link, door and fleet together, on a clock of their own', () => {
  it.each([
    ['the shortest period', 1_000, 400],
    ['the ordinary period', 5_000, 1_000],
    ['a long period', 30_000, 300],
  ])(
    'call nobody silent who only lost the collector, with %s',
    { timeout: 120_000 },
    (_, intervalMs, runs) => {
      const kind = { agents: 3, intervalMs, collectorFaults: 3, ownFaults: 0 };
      playAll(kind, runs, (story) => falselySilent(story) ?? falselyCloned(story));
    },
  );

  it(
    'lose nothing and fold nothing twice whatever else breaks meanwhile',
    { timeout: 120_000 },
    () => {
      const kind = { agents: 3, intervalMs: 5_000, collectorFaults: 3, ownFaults: 4 };
      playAll(kind, 1_000, (story) => falselySilent(story) ?? falselyCloned(story));
    },
  );
});
