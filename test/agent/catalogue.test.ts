import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceKinds, factsChecks, families, type Family } from '@ppe-pulse/protocol';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { loadConfig } from '../../agent/src/config.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import {
  createDeviceProbes,
  createProbes,
  findPrinterProbes,
  listProbes,
} from '../../agent/src/probes/catalogue.ts';
import type { Probe } from '../../agent/src/probes/probe.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Every probe of an agent with every kind of device. Nothing is measured. */
async function everyProbe(): Promise<readonly Probe[]> {
  const path = join(tempDir(), 'agent.yaml');
  writeFileSync(
    path,
    JSON.stringify({
      printers: [{ ipp: 'ipp://127.0.0.1/a' }, { snmp: { host: '127.0.0.1' } }],
      scanners: [{ usb: '04a9:190f' }],
      cameras: [
        { url: 'rtsp://127.0.0.1/a' },
        { url: 'rtsp://127.0.0.1/b', watch: 'always' },
        { url: 'rtsp://127.0.0.1/c' },
      ],
    }),
  );
  const config = loadConfig(path, {});
  const clock = systemClock();
  const log = createLog('silent');
  const host = new ProbeHost({ clock, log });
  const probes = createProbes(config, {
    clock,
    host,
    log,
    timers: systemTimers(),
    random: () => 0,
    mode: () => 'prep',
    readings: new Readings(),
    exchange: () => undefined,
  });
  const all = [
    ...listProbes(probes),
    ...createDeviceProbes(config, { clock, host }),
    ...(await findPrinterProbes(config, { clock, host })),
  ];
  for (const probe of all) probe.stop?.();
  return all;
}

describe('the probes of an agent', () => {
  it('have names of their own, deadlines within their periods, and families of the catalogue', async () => {
    const all = await everyProbe();
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const probe of all) {
      expect([probe.name, probe.deadlineMs > 0]).toEqual([probe.name, true]);
      expect(families).toContain(probe.family);
    }
    const seen = new Set(all.map(({ family }): Family => family));
    for (const kind of deviceKinds) expect(seen).toContain(kind);
  });

  it('sample cameras one after the other: all at once would fill a card', async () => {
    const waits = (await everyProbe())
      .filter(({ family }) => family === 'camera')
      .map(({ startAfterMs = 0 }) => startAfterMs);
    expect(waits).toEqual([0, 0, 1_875]);
  });

  it('watch every subject that a check judges', async () => {
    const subjects = new Set((await everyProbe()).map(({ watches }) => watches?.subject));
    for (const { subject } of factsChecks) expect(subjects).toContain(subject);
  });

  it('in mode quiet open no connection but to devices of the room, and one to the Internet', async () => {
    const active = (await everyProbe())
      .filter(({ quietPeriodMs }) => quietPeriodMs === 'never')
      .map(({ name }) => name);
    expect(active.sort()).toEqual([
      'camera 1',
      'camera 2',
      'camera 3',
      'emDownload',
      // The Internet that the default configuration knocks at has a name and no address.
      'isolation',
      'loss',
      'portal',
      'reserve',
      'sntp',
    ]);
  });
});
