import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pcScreen } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { drmScreens, preferredMode } from '../../agent/src/probes/screen/drm-screens.ts';
import { edidSize } from '../../agent/src/probes/screen/edid.ts';
import { ScreenProbe } from '../../agent/src/probes/screen/screen-probe.ts';
import { personsScreens } from '../../agent/src/probes/screen/windows-screens.ts';
import { largestScreen } from '../../agent/src/probes/screen/screen-size.ts';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { judged } from '../support/judged.ts';

/** Sockets of a graphics card: status and modes by name. */
function card(sockets: Readonly<Record<string, readonly [string, string]>>): string {
  const root = tempDir();
  writeFileSync(join(root, 'version'), 'drm 1.1.0 20060810\n');
  for (const [name, [status, modes]] of Object.entries(sockets)) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'status'), `${status}\n`);
    writeFileSync(join(root, name, 'modes'), modes);
  }
  return root;
}

/** On Linux nobody asks the child. */
const look = (connectors: string) =>
  new ScreenProbe({ host: {} as unknown as ProbeHost, connectors }).measure();

describe('screens by Linux', () => {
  it('the largest that is plugged in counts, by the mode that it is made for', async () => {
    const root = card({
      card0: ['', ''],
      'card0-eDP-1': ['connected', '1366x768\n1360x768\n'],
      'card0-HDMI-A-1': ['connected', '1920x1080\n4096x2160\n1920x1080i\n'],
      'card0-DP-1': ['disconnected', '3840x2160\n'],
    });
    expect(await look(root)).toMatchObject({
      kind: 'measured',
      facts: { facts: { width: 1_920, height: 1_080 } },
      metrics: { 'pc.screen.width.pixels': 1_920, 'pc.screen.height.pixels': 1_080 },
    });
  });

  it('a PC without a screen has nothing to judge', async () => {
    expect(await look(join(tempDir(), 'none'))).toEqual({ kind: 'nothing' });
    expect(await look(card({ 'card0-VGA-1': ['disconnected', ''] }))).toEqual({ kind: 'nothing' });
  });

  it('a screen that is there and tells no size is not known to be large enough', async () => {
    const root = card({ 'card0-VGA-1': ['connected', ''], 'card1-DP-1': ['connected', '0x0\n'] });
    expect(await look(root)).toEqual({ kind: 'failed', reason: 'notSupported' });
    expect(await drmScreens(root)).toEqual([null, { width: 0, height: 0 }]);
  });

  it.each([
    ['1024x768\n', { width: 1_024, height: 768 }],
    ['1920x1080i\n1280x720\n', { width: 1_920, height: 1_080 }],
    ['', undefined],
    ['wide\n', undefined],
    ['999999x1\n', undefined],
  ])('%j', (modes, size) => {
    expect(preferredMode(modes)).toEqual(size);
  });

  it('are sizes whatever the kernel writes', () => {
    fuzzed('modes', [Buffer.from('1920x1080\n1366x768\n1024x768i\n')], (bytes) => {
      const size = preferredMode(bytes.toString('utf8'));
      const largest = largestScreen([size ?? null]);
      if (largest) expect(largest.width * largest.height).toBeGreaterThan(0);
    });
  });
});

/** A block as a 1920×1080 screen has it; what is not read here is zero. */
function edid(part: Readonly<Record<number, number>> = {}): Buffer {
  const block = Buffer.alloc(128);
  block.write('00ffffffffffff00', 'hex');
  block.write('023a801871382d40582c4500', 54, 'hex');
  for (const [at, byte] of Object.entries(part)) block.writeUInt8(byte, Number(at));
  return block;
}

describe('a screen’s own description', () => {
  it('tells the size that it is made for', () => {
    expect(edidSize(edid())).toEqual({ width: 1_920, height: 1_080 });
    expect(edidSize(Buffer.concat([edid(), Buffer.alloc(128)]))).toMatchObject({ width: 1_920 });
    // Interlaced: half of the lines at a time.
    expect(edidSize(edid({ 59: 0x1c, 61: 0x20, 71: 0x80 }))).toEqual({
      width: 1_920,
      height: 1_080,
    });
  });

  it('of another kind is none', () => {
    expect(edidSize(Buffer.alloc(0))).toBeUndefined();
    expect(edidSize(Buffer.alloc(128))).toBeUndefined();
    expect(edidSize(edid().subarray(0, 127))).toBeUndefined();
    expect(edidSize(edid({ 54: 0, 55: 0 }))).toBeUndefined();
    expect(edidSize(edid({ 56: 0, 58: 0 }))).toBeUndefined();
  });

  it('is a size or none whatever the bytes are', () => {
    fuzzed('EDID', [edid(), Buffer.concat([edid(), edid()])], (bytes) => {
      const size = edidSize(bytes);
      if (size) expect(Math.max(size.width, size.height)).toBeLessThan(8_192);
    });
  });
});

describe('screens by Windows', () => {
  it('are those of the person, not of the desktop that a service has for itself', () => {
    const desktop = [{ width: 1_024, height: 768 }];
    const monitors = [{ width: 1_366, height: 768 }];
    expect(personsScreens({ isPersons: false, desktop, monitors })).toBe(monitors);
    expect(personsScreens({ isPersons: true, desktop, monitors })).toBe(desktop);
  });
});

describe('the check of the screen', () => {
  it.each([
    [1_024, 768, 'ok'],
    [1_920, 1_080, 'ok'],
    [1_023, 768, 'fail'],
    [1_366, 767, 'fail'],
  ])('%i×%i is %s', (width, height, verdict) => {
    expect(judged(pcScreen, { width, height })).toMatchObject({ verdict });
  });
});
