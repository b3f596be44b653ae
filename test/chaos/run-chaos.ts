import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/processes.ts';
import { perform } from './director.ts';
import { verdictOf, type Evidence, type Verdict } from './evidence.ts';
import { startKeeper, type Keeper } from './keeper.ts';
import { judge } from './oracle.ts';
import { planChaos, type Fault } from './plan.ts';
import { reportOf, type Report } from './report.ts';
import { closeStage, INTERVAL_MS, openStage, type Stage } from './stage.ts';
import { recordedFlips, storedBeats } from './store-rows.ts';
import { Watcher } from './watcher.ts';

/** What a run is told. */
export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Missing: the one of seed and minutes. */
  readonly plan?: readonly Fault[];
  /** At the end all is healed, and the journals have this long to get empty. */
  readonly calmMs: number;
  readonly tell: (line: string) => void;
}

/** An agent whose last two are on their way has nothing left to send. */
const DRAINED_LAG = 3;
/** …and it must have been acked something this lately. */
const ACKED_WITHIN_MS = 5_000;

const artifacts = join(import.meta.dirname, '..', '.artifacts');

/**
 * Plays a plan with real processes, then compares what was produced with what came of it. The report
 * is also written to `test/.artifacts`; of a run that broke a rule the store, the journals and the
 * logs are kept beside it.
 */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const { seed, minutes, tell } = options;
  const startedMs = Date.now();
  const keeper = startKeeper();
  try {
    const stage = await openStage(keeper, seed);
    const plan = options.plan ?? planChaos({ seed, minutes, cast: stage.cast });
    tell(`chaos: seed ${seed}, ${minutes} min, ${plan.length} faults`);
    const watcher = new Watcher(stage);
    await perform(plan, stage, tell);
    const undrained = await calm(stage, options);
    await watcher.stop();
    const ended = stage.agents.map((agent) => agent.noteFault('end of the run'));
    await closeStage(stage);
    for (const end of ended) end();
    const evidence = await gather(stage, watcher, keeper);
    const verdicts = [...judge(evidence), ...stageRules(stage, undrained)];
    const report = reportOf({
      seed,
      minutes,
      startedMs,
      endedMs: Date.now(),
      missing: stage.missing,
      plan,
      evidence,
      verdicts,
      looks: watcher.looks,
    });
    keep(report, evidence, keeper);
    return report;
  } catch (error) {
    keepFolder(keeper, seed);
    throw error;
  } finally {
    await keeper.close();
  }
}

/** Waits until nobody has anything left to send; answers who still has. */
async function calm({ agents, traffic }: Stage, { calmMs, tell }: ChaosOptions): Promise<string[]> {
  tell('all is healed: the journals get empty');
  const left = (): string[] =>
    agents.flatMap((agent) => {
      const status = agent.status();
      const lag = status?.journalLag ?? Number.POSITIVE_INFINITY;
      const spooled = status?.relay?.spooled ?? 0;
      const acked = traffic.acks.findLast(({ workstation }) => workstation === agent.id);
      const isAcked = acked !== undefined && Date.now() - acked.tappedMs < ACKED_WITHIN_MS;
      const mostSpooled = DRAINED_LAG * agent.members.length;
      if (lag <= DRAINED_LAG && isAcked && spooled <= mostSpooled) return [];
      return [`${agent.name}: ${lag} in its journal, ${spooled} in its spools`];
    });
  try {
    await until(() => left().length === 0, 'the journals are empty', calmMs);
  } catch {
    return left();
  }
  return [];
}

async function gather(stage: Stage, watcher: Watcher, keeper: Keeper): Promise<Evidence> {
  const { agents, collector, traffic } = stage;
  const dataDir = join(keeper.folder, 'collector');
  const copies = join(keeper.folder, 'copies');
  for (const agent of agents) agent.status();
  const leftovers = agents.flatMap((agent) => agent.leftovers(join(copies, agent.name)));
  const droppedOf = (id: string): number =>
    leftovers.reduce((sum, each) => sum + (each.workstation === id ? each.dropped : 0), 0);
  return {
    intervalMs: INTERVAL_MS,
    workstations: agents.map(({ id, name, clock }) => ({
      id,
      name,
      isClockFaked: clock !== undefined,
      dropped: droppedOf(id),
    })),
    beats: traffic.beats,
    acks: traffic.acks,
    connections: traffic.connections,
    lives: agents.flatMap(({ lives }) => lives),
    ownFaults: agents.flatMap(({ faults }) => faults),
    collectorFaults: collector.faults,
    stored: await storedBeats(dataDir, join(copies, 'store')),
    journals: leftovers.flatMap(({ held }) => held),
    flips: recordedFlips(
      dataDir,
      agents.map(({ id }) => id),
    ),
    shown: watcher.shown,
  };
}

/** What the harness itself has seen of its processes. */
function stageRules(stage: Stage, undrained: readonly string[]): Verdict[] {
  const { agents, collector, ownEnds, traffic } = stage;
  const hung = [collector, ...agents].flatMap((each, at) =>
    each.hungStops === 0
      ? []
      : [`${at === 0 ? 'collector' : agents[at - 1]?.name}: ${each.hungStops}`],
  );
  return [
    verdictOf('ended by itself', ownEnds),
    verdictOf('did not end when asked', hung),
    verdictOf('journal not empty at the end', undrained),
    verdictOf('frame that the tap cannot read', Array<string>(traffic.unreadFrames).fill('?')),
  ];
}

function keep(report: Report, evidence: Evidence, keeper: Keeper): void {
  mkdirSync(artifacts, { recursive: true });
  const path = join(artifacts, `chaos-${report.seed}`);
  writeFileSync(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  if (report.isClean) return;
  keepFolder(keeper, report.seed);
  writeFileSync(join(path, 'evidence.json'), JSON.stringify(evidence));
}

/** Store, journals and logs of a run that went wrong, for whoever looks for the cause. */
function keepFolder(keeper: Keeper, seed: number): void {
  cpSync(keeper.folder, join(artifacts, `chaos-${seed}`), { recursive: true });
}
