import {
  defaultClosedHours,
  isClosed,
  limits,
  type EmProgress,
  type Mode,
  type Role,
} from '@ppe-pulse/protocol';
import type { ProbeHost } from '../child/probe-host.ts';
import { tlsTo, type AgentConfig } from '../config.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { nicCounters } from '../platform/nic-counters.ts';
import { timeOfDay, type EmProbe } from '../probes/em-download/em-probe.ts';
import { NicProbe } from '../probes/nic/nic-probe.ts';
import { EmRehearsal } from './em-rehearsal.ts';
import { LineWatch } from './line-watch.ts';

/** What of the agent the rehearsal is made with. */
export interface EmWorld {
  readonly config: Pick<AgentConfig, 'collector' | 'line'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly host: ProbeHost;
  readonly probe: EmProbe;
  readonly mode: () => Mode;
  readonly role: () => Role;
  /** The plan's word on whether the line belongs to the exam now; undefined where it has none. */
  readonly isLineClosed: () => boolean | undefined;
  readonly send: (progress: EmProgress) => void;
}

/** The collector's rehearsals of this agent, shown by the probe that has its own ones. */
export function createEmRehearsal(world: EmWorld): EmRehearsal {
  const { config, clock, log, host, probe, mode, role, send } = world;
  const mirror = config.line.emDownload;
  const hours = mirror ?? defaultClosedHours;
  const rehearsal = new EmRehearsal({
    clock,
    log,
    mode,
    role,
    send,
    random: Math.random,
    collectorUrl: config.collector.url.replace(/^ws/, 'http'),
    collectorTls: tlsTo(config),
    mirror,
    maxBytes: mirror?.maxBytes ?? limits.emPackageBytes,
    isLineClosed: () =>
      world.isLineClosed() ?? isClosed(hours, timeOfDay(new Date(clock.wallMs()))),
    watch: new LineWatch(new NicProbe(() => nicCounters(host), clock), clock),
    taken: () => probe.stop(),
  });
  probe.follow(() => rehearsal.standing());
  return rehearsal;
}
