import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import type { Collector } from '../../server/src/collector.ts';
import { newIdentity, type PeerIdentity } from './agent-peer.ts';
import { enrolled } from './agent-process.ts';
import { api } from './collector.ts';
import { freePort } from './influxd.ts';
import { commands, runToEnd, start, until, type Child } from './processes.ts';

/** A relay as people run it: the agent of a Штаб with `--relay`. */
export interface RelayProcess {
  readonly id: string;
  readonly publicKey: string;
  readonly home: string;
  readonly port: number;
  readonly pagePort: number;
  /** For `AgentPeer`, as a collector's. */
  readonly url: string;
  readonly child: () => Child;
  status(): AgentStatus | undefined;
  /** Kills it and starts it again on the same folder. */
  killed(): Promise<void>;
  /** Starts it again after `stopped`. */
  start(): Promise<void>;
  stopped(): Promise<void>;
}

/** Starts a relay, of ППЭ 0042 unless it is told, that pins this collector; answers when it listens. */
export async function relayProcess(
  collector: Collector,
  {
    uplinkUrl = collector.url,
    pageDir,
    siteCode = '0042',
  }: { uplinkUrl?: string; pageDir?: string; siteCode?: string } = {},
): Promise<RelayProcess> {
  const [port, pagePort] = [await freePort(), await freePort()];
  const page = { port: pagePort, ...(pageDir !== undefined && { dir: pageDir }) };
  const line = { ...collector, url: uplinkUrl };
  const { config, home, id } = await enrolled(
    line,
    { relay: { host: '127.0.0.1', port, page } },
    { siteCode },
  );
  const told = await runToEnd(commands.agent, ['identity', '--json', '--config', config]);
  const { publicKey } = JSON.parse(told.output) as { publicKey: string };
  let child: Child;
  const status = (): AgentStatus | undefined => {
    const path = join(home, 'data', 'status.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AgentStatus) : undefined;
  };
  const begin = async (): Promise<void> => {
    child = start(commands.agent, ['run', '--relay', '--config', config]);
    await until(() => child.errors().includes('the relay listens'), 'the relay listens');
  };
  await begin();
  onTestFinished(({ task }) => {
    if (task.result?.state === 'fail') console.log(child.errors().slice(-8_000));
  });
  return {
    id,
    publicKey,
    home,
    port,
    pagePort,
    url: `http://127.0.0.1:${port}`,
    child: () => child,
    status,
    killed: async () => {
      child.kill('SIGKILL');
      await child.ended;
      await begin();
    },
    start: begin,
    stopped: async () => {
      child.kill('SIGTERM');
      await child.ended;
    },
  };
}

/** Enrols a workstation of a room; the collector's API is the registry. */
export async function enrolMember(
  collector: Collector,
  place: { readonly siteCode?: string; readonly roomCode?: string; readonly role?: string } = {},
  identity: PeerIdentity = newIdentity(),
): Promise<PeerIdentity> {
  const placement = {
    siteCode: '0042',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    ...place,
  };
  const { status } = await api(collector, '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: identity.publicKey, placement },
  });
  if (status > 201) throw new Error(`enrolment answered ${status}`);
  return identity;
}

/** How many heartbeats with this metric the store holds of a workstation, in all time. */
export async function storedCount(
  collector: Collector,
  id: string,
  metric = 'net.rtt.ms',
): Promise<number> {
  const { body } = await api(
    collector,
    `/api/v1/workstations/${id}/series?metric=${metric}&points=1`,
  );
  const { points = [] } = body as unknown as { points?: { count: number }[] };
  return points.reduce((sum, { count }) => sum + count, 0);
}
