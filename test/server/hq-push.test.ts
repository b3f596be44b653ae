import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Incident, Incidents } from '@ppe-pulse/protocol';
import { createHqPush } from '../../server/src/incidents/hq-push.ts';
import { createLog } from '../../server/src/log.ts';
import { HQ_AT_MS } from '../support/hq-frames.ts';
import { hqIncident, providerCut } from '../support/hq-incidents.ts';

const started = { wallMs: HQ_AT_MS, monotonicMs: 5_000 };

/** Two ППЭ with a Штаб each, and what they are told: `id: ids of incidents`. */
function pushing() {
  const book = new Map<string, Incident[]>();
  const sites = new Map([
    ['w-hq-1', '0001'],
    ['w-hq-2', '0002'],
  ]);
  const gone = new Set<string>();
  const told: string[] = [];
  const frames: Incidents[] = [];
  const asked: string[] = [];
  let passedMs = 0;
  const push = createHqPush({
    incidentsOf: (siteCode) => {
      asked.push(siteCode);
      return book.get(siteCode) ?? [];
    },
    siteOf: (id) => sites.get(id),
    send: (id, message) => {
      if (gone.has(id) || message.type !== 'incidents') return false;
      const items = message.items as Incident[];
      told.push(`${id}: ${items.map((each) => each.id).join(' ')}`.trim());
      frames.push(message);
      return true;
    },
    wallMs: () => started.wallMs + passedMs,
    monotonicMs: () => started.monotonicMs + passedMs,
    log: createLog('silent'),
  });
  onTestFinished(() => push.close());
  const pass = (ms: number): void => {
    for (let step = 0; step < ms; step += 50) {
      passedMs += 50;
      vi.advanceTimersByTime(50);
    }
  };
  return { push, book, sites, gone, told, frames, asked, pass };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what the situation centre tells each Штаб', () => {
  it('is the whole list of its site when it arrives, also an empty one', () => {
    const { push, book, told, frames, pass } = pushing();
    book.set('0001', [hqIncident(1), providerCut(2)]);
    push.arrived('w-hq-1');
    push.arrived('w-hq-2');
    push.arrived('w-a-room-that-shows-nothing');
    pass(200);
    // What waits for somebody comes first.
    expect(told).toEqual(['w-hq-1: i-1 i-2', 'w-hq-2:']);
    expect(frames[0]).toMatchObject({ atMs: HQ_AT_MS + 50, total: 2 });
    pass(5_000);
    expect(told).toHaveLength(2);
  });

  it('is told again when it changed for the site, and not when only accounts and notes did', () => {
    const { push, book, told, pass } = pushing();
    push.arrived('w-hq-1');
    pass(1_100);
    book.set('0001', [hqIncident(1)]);
    push.changed(['0001', '0002', '9999']);
    pass(1_100);
    expect(told).toEqual(['w-hq-1:', 'w-hq-1: i-1']);
    const taken = { ...hqIncident(1), acknowledgedBy: 'ivanov', notes: 3, lastNoteAtMs: 1 };
    book.set('0001', [taken]);
    push.changed(['0001']);
    pass(1_100);
    expect(told).toHaveLength(2);
    book.set('0001', [{ ...taken, acknowledgedAtMs: HQ_AT_MS }]);
    push.changed(['0001']);
    pass(1_100);
    expect(told).toHaveLength(3);
    book.delete('0001');
    push.changed(['0001']);
    pass(1_100);
    expect(told.at(-1)).toBe('w-hq-1:');
  });

  it('comes at most once a second a site, and the last word always', () => {
    const { push, book, told, pass } = pushing();
    push.arrived('w-hq-1');
    pass(100);
    for (let number = 1; number <= 40; number += 1) {
      book.set('0001', [hqIncident(number)]);
      push.changed(['0001']);
      pass(50);
    }
    pass(1_000);
    expect(told.length).toBeLessThanOrEqual(4);
    expect(told.at(-1)).toBe('w-hq-1: i-40');
  });

  it('reaches every site when a wide incident changed, and asks only for those with a Штаб', () => {
    const { push, book, told, asked, pass } = pushing();
    push.arrived('w-hq-1');
    push.arrived('w-hq-2');
    pass(1_100);
    for (const site of ['0001', '0002', '0003']) book.set(site, [providerCut(9)]);
    push.changedEverywhere();
    push.changed(['0003']);
    pass(1_100);
    expect(told.slice(2)).toEqual(['w-hq-1: i-9', 'w-hq-2: i-9']);
    expect(asked).not.toContain('0003');
  });

  it('is told anew to one that comes back, and to one that was placed elsewhere', () => {
    const { push, book, sites, gone, told, pass } = pushing();
    book.set('0001', [hqIncident(1)]);
    push.arrived('w-hq-1');
    pass(1_100);
    push.left('w-hq-1');
    push.changed(['0001']);
    push.arrived('w-hq-1');
    pass(1_100);
    expect(told).toEqual(['w-hq-1: i-1', 'w-hq-1: i-1']);
    sites.set('w-hq-1', '0002');
    push.arrived('w-hq-1');
    pass(1_100);
    push.changed(['0001']);
    pass(1_100);
    expect(told.slice(2)).toEqual(['w-hq-1:']);
    gone.add('w-hq-1');
    book.set('0002', [hqIncident(2)]);
    push.changed(['0002']);
    pass(1_100);
    gone.clear();
    push.arrived('w-hq-1');
    pass(1_100);
    expect(told.slice(3)).toEqual(['w-hq-1: i-2']);
  });
});
