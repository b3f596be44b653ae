import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes, limits } from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { counted } from '../support/shared-collector.ts';
import { underAttack } from '../support/under-attack.ts';

const { collector, healthy, enrolledPeer } = underAttack();

/** What is left of the process's file descriptors for the collector's files and the other tests. */
const SPARE_FILES = 1_000;
/** A limit of time is looked at every second, and the machine has other work. */
const LATE_MS = 8_000;
const cutRequests = 'ppe_pulse_http_requests_cut_total';
const refusedUpgrades = 'ppe_pulse_upgrades_refused_total';

/** What a crowd reports: see `crowd.mjs`. */
interface CrowdReport {
  readonly what: 'here' | 'gone';
  readonly afterMs: number;
  readonly connected: number;
  readonly failed: number;
  readonly gone: number;
  readonly firstGoneMs: number | null;
  readonly statuses: Readonly<Record<string, number>>;
  readonly retryAfter: readonly number[];
}

/** A crowd of bad peers in a process of its own. */
function crowd(count: number, kind: 'silent' | 'drip' | 'upgrade', addresses: number) {
  const script = join(import.meta.dirname, '..', 'support', 'crowd.mjs');
  const { port } = new URL(collector().url);
  const child = spawn(process.execPath, [script, port, `${count}`, kind, `${addresses}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const reports: CrowdReport[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => reports.push(JSON.parse(line) as CrowdReport));
  const report = async (what: CrowdReport['what']): Promise<CrowdReport> => {
    const signal = AbortSignal.timeout(60_000);
    for (;;) {
      const found = reports.find((each) => each.what === what);
      if (found) return found;
      await once(lines, 'line', { signal });
    }
  };
  return { here: () => report('here'), gone: () => report('gone') };
}

/** Connections that this machine lets one process have: 10,000, or less. */
function crowdSize(): number {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits: { open_files: { soft: number | 'unlimited' } };
  };
  const { soft } = userLimits.open_files;
  return Math.min(10_000, (soft === 'unlimited' ? 20_000 : soft) - SPARE_FILES);
}

describe('slow peers', { timeout: 90_000 }, () => {
  it('thousands that say nothing are cut in time, and nobody else notices', async () => {
    const count = crowdSize();
    const before = await counted(collector(), cutRequests, 'tooSlow');
    const [here, gone] = await healthy().goesOn(async () => {
      const silent = crowd(count, 'silent', 2_000);
      return [await silent.here(), await silent.gone()];
    });
    console.log(
      `${here.connected} half-open connections in ${here.afterMs} ms, cut from ` +
        `${gone.firstGoneMs} ms on, all by ${gone.afterMs} ms`,
    );
    expect(here).toMatchObject({ connected: count, failed: 0 });
    expect(gone.firstGoneMs).toBeGreaterThanOrEqual(limits.requestHeadMs - 500);
    expect(gone.afterMs - here.afterMs).toBeLessThan(limits.requestHeadMs + LATE_MS);
    expect(await counted(collector(), cutRequests, 'tooSlow')).toBe(before + count);
  });

  it('a head that drips is cut however lively its bytes come', async () => {
    const before = await counted(collector(), cutRequests, 'tooSlow');
    const gone = await healthy().goesOn(async () => crowd(200, 'drip', 200).gone());
    expect(gone).toMatchObject({ gone: 200, failed: 0, statuses: { 408: 200 } });
    expect(gone.afterMs).toBeLessThan(limits.requestHeadMs + LATE_MS);
    expect(await counted(collector(), cutRequests, 'tooSlow')).toBe(before + 200);
  });

  it('strangers beyond the bound are told to come back, and the bound is free again later', async () => {
    const over = 400;
    const timedOut = 'ppe_pulse_agent_sockets_closed_total';
    const before = await counted(collector(), refusedUpgrades, 'tooManyUnproven');
    const cutBefore = await counted(collector(), timedOut, 'handshakeTimeout');
    await healthy().goesOn(async () => {
      const strangers = crowd(limits.unprovenSockets + over, 'upgrade', 500);
      const here = await strangers.here();
      console.log(`${JSON.stringify(here.statuses)} after ${here.afterMs} ms`);
      expect(here.statuses).toEqual({ 101: limits.unprovenSockets, 503: over });
      expect(here.retryAfter).toEqual([limits.refusedRetryMs / 1_000]);
      expect(await counted(collector(), 'ppe_pulse_sockets_unproven')).toBe(limits.unprovenSockets);
      // An honest newcomer is a stranger as well until it has proven itself.
      await expect(enrolledPeer()).rejects.toThrow('503');
      const gone = await strangers.gone();
      expect(gone.afterMs - here.afterMs).toBeLessThan(limits.handshakeMs + LATE_MS);
    });
    expect(await counted(collector(), refusedUpgrades, 'tooManyUnproven')).toBe(before + over + 1);
    expect(await counted(collector(), timedOut, 'handshakeTimeout')).toBe(
      cutBefore + limits.unprovenSockets,
    );
    const newcomer = await enrolledPeer();
    await newcomer.shakeHands();
  });

  it('one address cannot take the places of all', async () => {
    const over = 100;
    const before = await counted(collector(), refusedUpgrades, 'tooManyOfAddress');
    await healthy().goesOn(async () => {
      const strangers = crowd(limits.unprovenSocketsPerAddress + over, 'upgrade', 1);
      const { statuses } = await strangers.here();
      expect(statuses).toEqual({ 101: limits.unprovenSocketsPerAddress, 503: over });
      // From another address there is room.
      const newcomer = await enrolledPeer();
      await newcomer.shakeHands();
    });
    expect(await counted(collector(), refusedUpgrades, 'tooManyOfAddress')).toBe(before + over);
  });

  it('one address cannot take all connections either, and those beyond are cut at once', async () => {
    const over = 100;
    const before = await counted(collector(), cutRequests, 'tooManyConnections');
    await healthy().goesOn(async () => {
      const idle = crowd(limits.httpConnectionsPerAddress + over, 'silent', 1);
      expect((await idle.here()).connected).toBe(limits.httpConnectionsPerAddress + over);
      const cut = () => counted(collector(), cutRequests, 'tooManyConnections');
      await expect.poll(cut).toBe(before + over);
      const newcomer = await enrolledPeer();
      await newcomer.shakeHands();
    });
  });

  it('a socket that never proves itself is closed with its number', async () => {
    const peer = await AgentPeer.connect(collector().url);
    const raw = await RawPeer.upgraded(collector().url);
    await healthy().goesOn(async () => {
      expect(await peer.closed()).toBe(closeCodes.handshakeTimeout.code);
      expect(await raw.closed()).toBe(closeCodes.handshakeTimeout.code);
      // It does not answer the close either.
      await raw.isCut();
    });
  });
});

describe('the healthy agent', () => {
  it('was served in time through all of this', async () => {
    console.log(`healthy agent: ${JSON.stringify(await healthy().assertServedAlways())}`);
  });
});
