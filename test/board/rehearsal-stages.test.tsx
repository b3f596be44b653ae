import { describe, expect, it } from 'vitest';
import type { LiveStage, Verdict } from '@ppe-pulse/protocol';
import { mostUrgent, stagesInPlay } from '../../board/src/rehearsal/stages-in-play.ts';

const nowMs = Date.parse('2024-05-15T09:30:00+07:00');
const MINUTE = 60_000;

const stage = (part: Partial<LiveStage>): LiveStage => ({
  stage: 'keyDownload',
  track: 'written',
  done: 0,
  total: 3,
  unknown: 0,
  late: 0,
  verdict: 'ok',
  reason: 'notDue',
  dueAtMs: nowMs,
  reachedAtMs: null,
  isMismatch: false,
  ...part,
});

describe('stages on the wall', () => {
  it('are those that are in trouble, due within an hour, or just reached', () => {
    const late = stage({ verdict: 'fail', dueAtMs: nowMs - 300 * MINUTE });
    const soon = stage({ dueAtMs: nowMs + 59 * MINUTE });
    const justReached = stage({ reachedAtMs: nowMs - 14 * MINUTE });
    const others = [
      stage({ dueAtMs: nowMs + 61 * MINUTE }),
      stage({ reachedAtMs: nowMs - 16 * MINUTE }),
      stage({ total: 0, verdict: 'fail' }),
    ];
    expect(stagesInPlay([late, soon, justReached, ...others], nowMs)).toEqual([
      late,
      soon,
      justReached,
    ]);
  });

  it('leave out the calm ones where there are too many, and keep the order of the day', () => {
    const verdicts: Verdict[] = [
      ...Array.from({ length: 10 }, (): Verdict => 'ok'),
      'fail',
      ...Array.from({ length: 10 }, (): Verdict => 'warn'),
      'unknown',
    ];
    const stages = verdicts.map((verdict, at) => stage({ verdict, done: at }));
    const shown = mostUrgent(stages);
    expect(shown).toHaveLength(16);
    expect(shown.filter(({ verdict }) => verdict !== 'ok')).toHaveLength(12);
    expect(shown.map(({ done }) => done)).toEqual(
      shown.map(({ done }) => done).sort((a, b) => a - b),
    );
  });
});
