import type { Mode } from '@ppe-pulse/protocol';
import type { AgentConfig } from '../config.ts';
import type { Clock } from '../platform/clock.ts';
import { nicCounters } from '../platform/nic-counters.ts';
import { processWatch } from '../platform/process-watch.ts';
import type { Log } from '../platform/log.ts';
import type { LateTimers } from '../platform/timers.ts';
import { AppProbe } from './app/app-probe.ts';
import { cameraProbes } from './camera/camera-probes.ts';
import { SntpProbe } from './clock/sntp-probe.ts';
import { DeviceTests } from './device-tests.ts';
import { EmProbe } from './em-download/em-probe.ts';
import { HostProbe } from './host/host-probe.ts';
import { IsolationProbe } from './internet/isolation-probe.ts';
import { LinkProbe, type ExchangeClock } from './link/link-probe.ts';
import { LossProbe } from './loss/loss-probe.ts';
import type { ProbeHost } from '../child/probe-host.ts';
import { NicProbe } from './nic/nic-probe.ts';
import { PowerProbe } from './power/power-probe.ts';
import { printerProbes } from './printer/printer-probes.ts';
import { PortalProbe, type PortalConfig } from './portal/portal-probe.ts';
import type { Readings } from './readings.ts';
import { ReserveProbe } from './portal/reserve-probe.ts';
import type { Probe } from './probe.ts';
import { ScannerProbe } from './scanner/scanner-probe.ts';
import { ScreenProbe } from './screen/screen-probe.ts';
import { SoftwareProbe } from './software/software-probe.ts';
import { UplinkProbe } from './uplink/uplink-probe.ts';
import { SoundProbe } from './sound/sound-probe.ts';
import { ZoneProbe } from './zone/zone-probe.ts';

/** Every probe of this agent. A new probe is a folder and a line here. */
export interface ProbeSet {
  readonly host: HostProbe;
  readonly nic: NicProbe;
  readonly link: LinkProbe;
  readonly loss: LossProbe;
  readonly app: AppProbe;
  readonly portal: PortalProbe;
  readonly reserve: ReserveProbe;
  readonly isolation: IsolationProbe;
  readonly sntp: SntpProbe;
  readonly uplink: UplinkProbe;
  readonly emDownload: EmProbe;
}

/** What probes are made with. */
export interface ProbeParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  readonly exchange: ExchangeClock;
  readonly timers: LateTimers;
  readonly log: Log;
  readonly random: () => number;
  readonly mode: () => Mode;
  readonly readings: Readings;
  /** What the plan says of the line; nothing where there is none. */
  readonly planned?: PlannedLine;
}

/** The plan's part in how the line is watched. */
export interface PlannedLine {
  readonly portals: () => readonly PortalConfig[];
  readonly isLineClosed: () => boolean | undefined;
}

/** Makes the probes of the PC and its line. */
export function createProbes(config: AgentConfig, parts: ProbeParts): ProbeSet {
  const { clock, random, planned } = parts;
  const { line } = config;
  const link = new LinkProbe(parts.exchange, clock);
  return {
    host: new HostProbe(config.disk.path ?? '/', clock, parts.timers),
    nic: new NicProbe(() => nicCounters(parts.host), clock),
    link,
    loss: new LossProbe(hostAndPort(config.collector.url), clock),
    app: new AppProbe(watched(config), processWatch(parts.host, clock)),
    portal: new PortalProbe(planned?.portals ?? (() => line.portals), clock),
    reserve: new ReserveProbe(line.reserve, clock),
    isolation: new IsolationProbe(line.isolation, clock, random),
    sntp: new SntpProbe(line.sntp, clock, () => !link.hasClock),
    uplink: new UplinkProbe(line.uplink, clock, () =>
      parts.readings.values.get('net.up.bytesPerSecond'),
    ),
    emDownload: new EmProbe(line.emDownload, { ...parts, ...planned }),
  };
}

/** Makes the probes of what is judged by facts: the PC itself, and the devices that are configured. */
export function createDeviceProbes(
  config: AgentConfig,
  parts: Pick<ProbeParts, 'clock' | 'host'>,
): readonly Probe[] {
  const tests = new DeviceTests(config.dataDir);
  const scanners = config.scanners.map(
    (scanner, at) =>
      new ScannerProbe(at + 1, scanner, {
        ...parts,
        lastTest: () => tests.last(`scanner ${at + 1}`),
      }),
  );
  const sound = new SoundProbe(config.sound, { ...parts, lastTest: () => tests.last('sound') });
  const ofThePc = [
    new PowerProbe(config.power, parts),
    new ScreenProbe(parts),
    new SoftwareProbe(config.software, parts.host),
    new ZoneProbe(config.timeZone, parts),
  ];
  return [...ofThePc, ...scanners, ...cameraProbes(config.cameras, parts), sound];
}

/** Makes the probes of printers that are configured or found and not known yet. Takes 3 s at most. */
export function findPrinterProbes(
  config: AgentConfig,
  parts: Pick<ProbeParts, 'clock' | 'host'> & Partial<Pick<ProbeParts, 'mode'>>,
  known: readonly Probe[] = [],
): Promise<readonly Probe[]> {
  return printerProbes(config.printers, parts, known);
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
