import { setTimeout as pause } from 'node:timers/promises';
import type { AgentActor } from './agent-actor.ts';
import type { Fault } from './plan.ts';
import type { Stage } from './stage.ts';

/** A link that is as slow as this takes longer than a period for a heartbeat: it cannot be heard. */
const slowName = 'linkSlow';

/** Does everything of a plan at its time; resolves when all is healed. */
export async function perform(
  plan: readonly Fault[],
  stage: Stage,
  tell: (line: string) => void,
): Promise<void> {
  const startMs = performance.now();
  const at = (ms: number): Promise<void> =>
    pause(Math.max(0, ms - (performance.now() - startMs)), undefined);
  await Promise.all(
    plan.map(async (fault) => {
      await at(fault.atMs);
      tell(describe(fault));
      await suffer(fault, stage, at(fault.untilMs));
    }),
  );
}

/** One line of the log of a run. */
export function describe(fault: Fault): string {
  const whom = 'whom' in fault ? (fault.whom ?? 'everybody') : 'collector';
  const seconds = ((fault.untilMs - fault.atMs) / 1_000).toFixed(1);
  const more =
    fault.what === 'linkSlow'
      ? `, ${fault.bytesPerSecond} bytes/s`
      : fault.what === 'clockStep'
        ? `, ${(fault.offsetMs / 3_600_000).toFixed(2)} h`
        : `, ${seconds} s`;
  return `${(fault.atMs / 1_000).toFixed(1)} s  ${fault.what}  ${whom}${more}`;
}

async function suffer(fault: Fault, stage: Stage, healed: Promise<void>): Promise<void> {
  switch (fault.what) {
    case 'collectorKill':
    case 'collectorStop':
    case 'collectorRestart':
      await stage.collector.suffer(fault.what, healed);
      return;
    case 'agentKill':
    case 'agentStop':
    case 'agentRestart':
      await agentOf(stage, fault.whom).suffer(fault.what, healed);
      return;
    case 'linkCut':
    case 'linkFreeze': {
      const agents = fault.whom === undefined ? stage.agents : [agentOf(stage, fault.whom)];
      await Promise.all(agents.map((agent) => loseLink(agent, fault.what, healed)));
      return;
    }
    case 'linkSlow': {
      const agent = agentOf(stage, fault.whom);
      const ended = agent.noteFault(slowName);
      agent.tap.slow(fault.bytesPerSecond);
      await healed;
      agent.tap.slow(undefined);
      ended();
      return;
    }
    case 'diskFull': {
      const { disk } = agentOf(stage, fault.whom);
      disk?.fill();
      await healed;
      disk?.free();
      return;
    }
    case 'clockStep':
      agentOf(stage, fault.whom).clock?.set(fault.offsetMs);
      return;
  }
}

async function loseLink(
  agent: AgentActor,
  what: 'linkCut' | 'linkFreeze',
  healed: Promise<void>,
): Promise<void> {
  const ended = agent.noteFault(what);
  if (what === 'linkCut') agent.tap.cut();
  else agent.tap.freeze();
  await healed;
  if (what === 'linkCut') agent.tap.join();
  else agent.tap.thaw();
  ended();
}

function agentOf({ agents }: Stage, name: string): AgentActor {
  const agent = agents.find((each) => each.name === name);
  if (!agent) throw new Error(`nobody is called ${name}`);
  return agent;
}
