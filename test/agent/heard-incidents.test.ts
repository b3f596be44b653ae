import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Incidents } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { HeardIncidents } from '../../agent/src/relay/heard-incidents.ts';
import { HQ_AT_MS } from '../support/hq-frames.ts';
import { hqIncident, providerCut } from '../support/hq-incidents.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR = 3_600_000;
const frame = (items: unknown[], part: Partial<Incidents> = {}): Incidents => ({
  type: 'incidents',
  atMs: HQ_AT_MS,
  total: items.length,
  items,
  ...part,
});
const heardIn = (dataDir: string, nowMs = HQ_AT_MS): HeardIncidents =>
  new HeardIncidents({ dataDir, log: createLog('silent'), nowMs: () => nowMs });

describe('what a relay has heard of incidents', () => {
  it('is nothing before the collector spoke', () => {
    const heard = heardIn(tempDir());
    expect(heard.shown).toEqual({ atMs: null, isCurrent: false, total: 0, items: [] });
    expect(heard.takeChanged()).toBe(false);
    heard.lost();
    expect(heard.takeChanged()).toBe(false);
  });

  it('is the newest list, and no longer current once the line is gone', () => {
    const heard = heardIn(tempDir());
    heard.take(frame([hqIncident(1), { odd: true }], { total: 60 }));
    expect(heard.shown).toEqual({
      atMs: HQ_AT_MS,
      isCurrent: true,
      total: 60,
      items: [hqIncident(1)],
    });
    expect([heard.takeChanged(), heard.takeChanged()]).toEqual([true, false]);
    heard.lost();
    expect(heard.shown).toMatchObject({ isCurrent: false, total: 60 });
    expect(heard.takeChanged()).toBe(true);
    heard.take(frame([]));
    expect(heard.shown).toEqual({ atMs: HQ_AT_MS, isCurrent: true, total: 0, items: [] });
  });

  it('is known again after a power cut, as what was known then, and not the next day', () => {
    const dataDir = tempDir();
    heardIn(dataDir).take(frame([providerCut(17)]));
    expect(heardIn(dataDir, HQ_AT_MS + HOUR).shown).toEqual({
      atMs: HQ_AT_MS,
      isCurrent: false,
      total: 1,
      items: [providerCut(17)],
    });
    expect(heardIn(dataDir, HQ_AT_MS + 13 * HOUR).shown.atMs).toBeNull();
  });

  it('keeps no account on the disk of a ППЭ, whoever sends one', () => {
    const dataDir = tempDir();
    const named = [
      { ...providerCut(17), acknowledgedBy: 'ivanov' },
      { ...hqIncident(2), by: 'ivanov' },
    ];
    heardIn(dataDir).take(frame(named));
    const kept = readFileSync(join(dataDir, 'incidents.json'), 'utf8');
    expect(kept).not.toContain('ivanov');
    expect(kept).toContain('i-2');
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"atMs":"x","total":1,"items":[]}',
    '{"atMs":1,"total":1.5,"items":[]}',
    '{"atMs":-1,"total":1,"items":[]}',
    '{"atMs":1715742720000,"total":1,"items":{}}',
  ])('begins anew with a damaged memory: %s', (text) => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'incidents.json'), text);
    expect(heardIn(dataDir).shown.atMs).toBeNull();
  });

  it('shows what it hears even when the disk takes nothing', () => {
    const dataDir = tempDir();
    mkdirSync(join(dataDir, 'incidents.json.new'));
    const heard = heardIn(dataDir);
    heard.take(frame([hqIncident(1)]));
    expect(heard.shown.items).toEqual([hqIncident(1)]);
  });
});
