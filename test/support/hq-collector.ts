import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { INCIDENTS_CAPABILITY, type Incident } from '@ppe-pulse/protocol';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { RelayDoor } from '../../agent/src/relay/relay-door.ts';
import { Roster } from '../../agent/src/relay/roster.ts';
import { createHqPush } from '../../server/src/incidents/hq-push.ts';
import { createLog as createCollectorLog } from '../../server/src/log.ts';
import { freePort } from './influxd.ts';
import { commands, runToEnd, start, until, type Child } from './processes.ts';
import { tempDir } from './temp-dir.ts';

const siteCode = '0042';

/** The collector as a Штаб sees it: the door that agents come to, and what tells them of incidents. */
export interface HqCollector {
  readonly url: string;
  readonly publicKey: string;
  /** Capabilities that an agent which is here announced. */
  announced(agentId: string): readonly string[];
  enrol(agent: { agentId: string; publicKey: string }): void;
  /** These are open and cover the ППЭ from now on. */
  open(incidents: readonly Incident[]): void;
  /** Sends something else to an agent that is here. */
  say(agentId: string, message: unknown): void;
}

/** Listens on a free loopback port; goes with the test. */
export async function hqCollector(): Promise<HqCollector> {
  const dataDir = tempDir();
  const identity = await openIdentity(dataDir);
  const log = createLog('silent');
  const roster = new Roster(dataDir, identity.agentId, log);
  let incidents: readonly Incident[] = [];
  const announced = (id: string): readonly string[] =>
    door.introductionsOf(id).flatMap(({ capabilities }) => capabilities);
  const push = createHqPush({
    incidentsOf: () => incidents,
    siteOf: (id) => (announced(id).includes(INCIDENTS_CAPABILITY) ? siteCode : undefined),
    send: (id, message) => door.send(id, message),
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    log: createCollectorLog('silent'),
  });
  const door: RelayDoor = new RelayDoor({
    config: { host: '127.0.0.1', port: 0, insecure: false },
    identity,
    answer: (_request, response) => response.writeHead(404).end(),
    roster,
    listener: {
      heard: (heartbeat) => door.ack([heartbeat]),
      saidGoodbye: () => undefined,
      cloned: () => undefined,
      slotReturned: () => undefined,
      emProgress: () => undefined,
      presence: (id, isHere) => (isHere ? push.arrived(id) : push.left(id)),
    },
    store: () => 'pending',
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now() }),
    intervalMs: 1_000,
    timers: systemTimers(),
    log,
  });
  await door.start();
  onTestFinished(async () => {
    push.close();
    await door.stop();
  });
  return {
    url: `http://127.0.0.1:${door.port ?? 0}`,
    publicKey: identity.publicKey,
    announced,
    enrol: ({ agentId, publicKey }) => {
      const placement = { siteCode, roomCode: '7777', role: 'hq', duty: 'main' } as const;
      const members = [{ agentId, publicKey, placement: { ...placement, simulated: false } }];
      roster.replace({ type: 'roster', members });
    },
    open: (next) => {
      incidents = next;
      push.changed([siteCode]);
    },
    say: (agentId, message) => void door.send(agentId, message as never),
  };
}

/** The agent of a Штаб as people run it, with its page. */
export interface HqRelay {
  readonly id: string;
  readonly home: string;
  readonly pagePort: number;
  errors(): string;
  /** Kills it and starts it again on the same folder. */
  killed(): Promise<void>;
}

/** Starts a relay that pins this collector and reaches it over `uplinkUrl`; goes with the test. */
export async function hqRelay(
  collector: HqCollector,
  { uplinkUrl = collector.url, pageDir }: { uplinkUrl?: string; pageDir?: string } = {},
): Promise<HqRelay> {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  const [port, pagePort] = [await freePort(), await freePort()];
  const page = { port: pagePort, ...(pageDir !== undefined && { dir: pageDir }) };
  const { publicKey } = collector;
  const line = { url: uplinkUrl.replace('http', 'ws'), publicKey };
  const relay = { host: '127.0.0.1', port, page };
  writeFileSync(config, JSON.stringify({ collector: line, relay }));
  const told = await runToEnd(commands.agent, ['identity', '--json', '--config', config]);
  const identity = JSON.parse(told.output) as { agentId: string; publicKey: string };
  collector.enrol(identity);
  let child: Child;
  const begin = async (): Promise<void> => {
    child = start(commands.agent, ['run', '--relay', '--config', config]);
    await until(() => child.errors().includes('the relay listens'), 'the relay listens');
  };
  await begin();
  return {
    id: identity.agentId,
    home,
    pagePort,
    errors: () => child.errors(),
    killed: async () => {
      child.kill('SIGKILL');
      await child.ended;
      await begin();
    },
  };
}
