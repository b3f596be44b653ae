import type { PortalHandshake } from '@ppe-pulse/protocol';
import { activityAt, emDownloadAt, type EmDownload } from '../day.ts';
import { between, walkBetween } from '../random.ts';
import type { SimulatedSite, SimulatedWorkstation } from '../region.ts';
import { struckBy, type SimulatedProbe, type View } from './probe.ts';

const MINUTE = 60_000;
/** Hosts as a region would configure them. */
const PORTALS = ['video.example', 'em.example'] as const;
/** What a slow download still lacks when it is found, and how long it takes where nobody ends it. */
const SLOW_LEFT = 0.6;
const CRAWL_MS = 24 * 3_600_000;
/** One camera's stream. */
const CAMERA_BYTES_PER_SECOND = 1_000_000 / 8;

/** What of a view says how the line is. */
type LineView = Pick<View, 'workstation' | 'occurrences' | 'atMs' | 'local'>;

const isHq = ({ placement }: SimulatedWorkstation): boolean => placement.role === 'hq';
/** Whose line is measured by a download, as the check of it says. */
const isMeasured = (each: SimulatedWorkstation): boolean =>
  isHq(each) || each.placement.role === 'rcoi';

/** Round trip over the agent's own socket. */
export const linkProbe: SimulatedProbe = {
  name: 'link',
  periodMs: 10_000,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const { workstation, atMs } = view;
    const walked = { seed: workstation.salt, name: 'rtt', periodMs: MINUTE };
    const rttMs = workstation.site.distanceMs + walkBetween(walked, atMs, [0.5, 12]);
    return { metrics: { 'net.rtt.ms': struckBy(view, 'slowLine') ? rttMs + 400 : rttMs } };
  },
};

export const lossProbe: SimulatedProbe = {
  name: 'loss',
  periodMs: 10_000,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const walked = { seed: view.workstation.site.salt, name: 'loss', periodMs: 3 * MINUTE };
    const lost = Math.max(0, walkBetween(walked, view.atMs, [-0.02, 0.008]));
    return { metrics: { 'net.loss.ratio': struckBy(view, 'lossyLine') ? 0.08 + lost : lost } };
  },
};

/** Traffic of the network card: the Штаб's carries the whole ППЭ. */
export const nicProbe: SimulatedProbe = {
  name: 'nic',
  periodMs: 5_000,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const { workstation, atMs, local } = view;
    const seed = workstation.salt;
    const idle = walkBetween({ seed, name: 'nic', periodMs: MINUTE }, atMs, [400, 9_000]);
    const carries = isHq(workstation);
    const em = carries ? emDownloadOf(view).bytesPerSecond : 0;
    const sends = carries && activityAt(workstation.site.timetable, local) === 'sending';
    return {
      metrics: {
        'net.rx.bytesPerSecond': idle + em,
        'net.tx.bytesPerSecond': idle / 3 + (sends ? 0.2 * workstation.site.upBytesPerSecond : 0),
        'net.errors.perSecond': 0,
      },
    };
  },
};

/** The collector's throughput slots, by their results. */
export const downloadProbe: SimulatedProbe = {
  name: 'download',
  periodMs: 10 * MINUTE,
  device: 1,
  isOn: isMeasured,
  look: (view) => {
    const { downBytesPerSecond, upBytesPerSecond } = view.workstation.site;
    const share = lineShare(view);
    return {
      metrics: {
        'net.down.bytesPerSecond': downBytesPerSecond * share,
        'net.up.bytesPerSecond': upBytesPerSecond * share,
      },
    };
  },
};

/** What a download at a moment has: the whole line, and the crawl of `slowEm` while it strikes. */
export function emLineBytesPerSecond(view: LineView): number {
  const line = view.workstation.site.downBytesPerSecond * lineShare(view);
  return struckBy(view, 'slowEm') ? Math.min(line, emDownloadOf(view).bytesPerSecond) : line;
}

/** What there is of the line's speed. */
function lineShare(view: LineView): number {
  const walked = { seed: view.workstation.site.salt, name: 'down', periodMs: 30 * MINUTE };
  const share = walkBetween(walked, view.atMs, [0.99, 1]);
  return struckBy(view, 'slowLine') ? share * 0.015 : share;
}

/** Handshakes with the portals. */
export const portalProbe: SimulatedProbe = {
  name: 'portal',
  periodMs: MINUTE,
  device: 1,
  isOn: isHq,
  look: (view) => {
    const hosts = PORTALS.map((host) => handshake(view, host));
    const slowest = Math.max(...hosts.map(({ totalMs = 0 }) => totalMs));
    const days = Math.min(...hosts.map(({ certificateDays = 365 }) => certificateDays));
    const isUp = hosts.every(({ failure }) => failure === undefined);
    return {
      facts: { subject: 'portal', facts: { hosts } },
      metrics: isUp ? { 'net.portal.ms': slowest, 'net.portal.days': days } : {},
    };
  },
};

function handshake(view: View, host: string): PortalHandshake {
  if (struckBy(view, 'dnsBroken')) return { host, failure: 'dnsFailed' };
  if (struckBy(view, 'portalUnreachable')) return { host, failure: 'noAnswer' };
  const { salt, distanceMs } = view.workstation.site;
  const walked = { seed: salt, name: host, periodMs: 2 * MINUTE };
  // DNS, TCP and TLS: about four round trips to a host that is farther than the collector.
  const totalMs = 4 * (distanceMs + walkBetween(walked, view.atMs, [35, 120]));
  return { host, totalMs, certificateDays: between(salt, `${host} days`, [20, 300]) };
}

/** The second way to the Internet. */
export const reserveProbe: SimulatedProbe = {
  name: 'reserve',
  periodMs: 5 * MINUTE,
  device: 1,
  isOn: isHq,
  look: (view) => {
    if (struckBy(view, 'reserveDead'))
      return {
        facts: { subject: 'reserveRoute', facts: { isAlive: false, failure: 'unreachable' } },
        metrics: {},
      };
    const walked = { seed: view.workstation.site.salt, name: 'reserve', periodMs: 10 * MINUTE };
    return {
      facts: { subject: 'reserveRoute', facts: { isAlive: true, answeredAgeMs: 0 } },
      metrics: { 'net.reserve.ms': walkBetween(walked, view.atMs, [45, 180]) },
    };
  },
};

/** What cameras and exam materials need of the way up. */
export const uplinkProbe: SimulatedProbe = {
  name: 'uplink',
  periodMs: MINUTE,
  device: 1,
  isOn: isHq,
  look: (view) => {
    const { site } = view.workstation;
    const needed = camerasOf(site) * CAMERA_BYTES_PER_SECOND;
    const measured = site.upBytesPerSecond * (struckBy(view, 'slowLine') ? 0.015 : 1);
    return {
      facts: {
        subject: 'uplink',
        facts: {
          neededBytesPerSecond: needed,
          measuredBytesPerSecond: measured,
          measuredAgeMs: view.atMs % (10 * MINUTE),
        },
      },
      metrics: { 'net.uplink.ratio': needed / measured },
    };
  },
};

/** The rehearsal of the download of exam materials. */
export const emProbe: SimulatedProbe = {
  name: 'em',
  periodMs: 10_000,
  device: 1,
  isOn: isHq,
  look: (view) => {
    const em = emDownloadOf(view);
    const leftMs = em.isDone ? 0 : ((em.bytes - em.receivedBytes) / em.bytesPerSecond) * 1_000;
    const range = { lowMs: leftMs * 0.8, highMs: leftMs * 1.4 };
    return {
      facts: {
        subject: 'emPackage',
        facts: {
          state: em.isDone ? 'done' : 'running',
          receivedBytes: em.receivedBytes,
          ...(em.isDone ? {} : range),
        },
      },
      metrics: {
        'net.em.ratio': em.receivedBytes / em.bytes,
        'net.em.bytesPerSecond': em.bytesPerSecond,
        ...(em.isDone
          ? {}
          : {
              'net.em.low.seconds': range.lowMs / 1_000,
              'net.em.high.seconds': range.highMs / 1_000,
            }),
      },
    };
  },
};

/** Rooms must not reach the Internet. */
export const isolationProbe: SimulatedProbe = {
  name: 'isolation',
  periodMs: 5 * MINUTE,
  device: 1,
  isOn: ({ isInRoom }) => isInRoom,
  look: () => ({
    facts: { subject: 'isolation', facts: { isReachable: false } },
    metrics: {},
  }),
};

/** The download as it goes on; the `slowEm` fault has it crawl until the fault is over. */
function emDownloadOf(view: LineView): EmDownload {
  const usual = emDownloadAt(view.workstation.site, view.local);
  const slow = struckBy(view, 'slowEm');
  if (!slow) return usual;
  const lastsMs = Number.isFinite(slow.toMs) ? slow.toMs - slow.fromMs : CRAWL_MS;
  const left = SLOW_LEFT * Math.max(0, 1 - (view.atMs - slow.fromMs) / lastsMs);
  const receivedBytes = Math.round(usual.bytes * (1 - left));
  const bytesPerSecond = (SLOW_LEFT * usual.bytes * 1_000) / lastsMs;
  return { bytes: usual.bytes, receivedBytes, bytesPerSecond, isDone: false };
}

/** Two a room and two in the Штаб. */
function camerasOf(site: SimulatedSite): number {
  return 2 * (site.rooms + 1);
}
