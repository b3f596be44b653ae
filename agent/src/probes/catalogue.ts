import type { AgentConfig } from '../config.ts';
import type { Clock } from '../platform/clock.ts';
import { nicCounters } from '../platform/nic-counters.ts';
import { processUse } from '../platform/process-use.ts';
import { AppProbe } from './app/app-probe.ts';
import { HostProbe } from './host/host-probe.ts';
import { LinkProbe, type ExchangeClock } from './link/link-probe.ts';
import { LossProbe } from './loss/loss-probe.ts';
import type { ProbeHost } from '../child/probe-host.ts';
import { NicProbe } from './nic/nic-probe.ts';
import { printerProbes } from './printer/printer-probes.ts';
import type { Probe } from './probe.ts';

/** Every probe of this agent. A new probe is a folder and a line here. */
export interface ProbeSet {
  readonly host: HostProbe;
  readonly nic: NicProbe;
  readonly link: LinkProbe;
  readonly loss: LossProbe;
  readonly app: AppProbe;
}

/** What probes are made with. */
export interface ProbeParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  readonly exchange: ExchangeClock;
}

/** Makes the probes of the PC and its line. */
export function createProbes(config: AgentConfig, { clock, exchange }: ProbeParts): ProbeSet {
  return {
    host: new HostProbe(config.disk.path ?? '/', clock),
    nic: new NicProbe(nicCounters, clock, process.platform === 'linux'),
    link: new LinkProbe(exchange, clock),
    loss: new LossProbe(hostAndPort(config.collector.url), clock),
    app: new AppProbe(watched(config), processUse),
  };
}

/** Makes the probes of the devices that are configured or found. Takes a few seconds at most. */
export async function createDeviceProbes(
  config: AgentConfig,
  parts: Omit<ProbeParts, 'exchange'>,
): Promise<readonly Probe[]> {
  return printerProbes(config.printers, parts);
}

/** All of them, for a harness that runs each. */
export function listProbes(probes: ProbeSet): readonly Probe[] {
  return Object.values(probes);
}

function hostAndPort(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === 'wss:' ? 443 : 80;
  return { host: hostname.replaceAll(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

function watched({ app }: AgentConfig): { pid?: number; pidFile?: string } {
  return {
    ...(app.pid === undefined ? {} : { pid: app.pid }),
    ...(app.pidFile === undefined ? {} : { pidFile: app.pidFile }),
  };
}
