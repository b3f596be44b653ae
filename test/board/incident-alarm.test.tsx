// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  PAUSE_MS,
  REPEAT_MS,
  ringOf,
  silentSoFar,
  type Ring,
} from '../../board/src/incidents/alarm.ts';
import { incidentPageRu as ru } from '../../board/src/incidents/incident-page-ru.ts';
import type { Incident } from '@ppe-pulse/protocol';
import {
  BOARD_MS,
  deltaOf,
  fakeApi,
  incidentOf,
  openBoard,
  snapshotOf,
} from '../support/board-page.ts';

/** Rings of an alarm that looks at these incidents at these moments. */
function rings(...looks: readonly (readonly [number, readonly Incident[]])[]): Ring[] {
  let memory = silentSoFar;
  return looks.map(([nowMs, incidents]) => {
    const look = ringOf(memory, incidents, nowMs);
    memory = look.memory;
    return look.ring;
  });
}

const critical = incidentOf(1);
const other = incidentOf(2);
const drill = incidentOf(3, { isDrill: true });

describe('the alarm', () => {
  it('sounds when a critical incident opens and every 30 s until somebody takes it', () => {
    const taken = { ...critical, acknowledgedAtMs: BOARD_MS };
    expect(
      rings(
        [0, [critical]],
        [1_000, [critical]],
        [REPEAT_MS - 1, [critical]],
        [REPEAT_MS, [critical]],
        [2 * REPEAT_MS - 1, [critical]],
        [2 * REPEAT_MS, [taken]],
        [3 * REPEAT_MS, [taken]],
      ),
    ).toEqual(['alarm', 'none', 'none', 'alarm', 'none', 'none', 'none']);
  });

  it('sounds when a warning is raised and when a snooze or a silence ends', () => {
    const warning = { ...critical, severity: 'warning' as const };
    expect(rings([0, [warning]], [1_000, [critical]])).toEqual(['none', 'alarm']);
    for (const part of [{ snoozedUntilMs: BOARD_MS }, { silencedUntilMs: BOARD_MS }])
      expect(rings([0, [{ ...critical, ...part }]], [1_000, [critical]])).toEqual([
        'none',
        'alarm',
      ]);
  });

  it('sounds at once for the next one, but makes no howl of a flood', () => {
    expect(
      rings([0, [critical]], [PAUSE_MS - 1, [critical, other]], [PAUSE_MS, [critical, other]]),
    ).toEqual(['alarm', 'none', 'alarm']);
  });

  it('sounds for a drill once and softly, and never over a real one', () => {
    expect(rings([0, [drill]], [REPEAT_MS, [drill]], [2 * REPEAT_MS, [drill]])).toEqual([
      'drill',
      'none',
      'none',
    ]);
    expect(rings([0, [drill, critical]])).toEqual(['alarm']);
  });

  it('is silent for what is over, and sounds again for the same one that comes back', () => {
    expect(rings([0, [critical]], [5_000, []], [10_000, [critical]])).toEqual([
      'alarm',
      'none',
      'alarm',
    ]);
  });
});

/** A browser's sound that a test plays. */
class FakeAudio extends EventTarget {
  static readonly made: FakeAudio[] = [];
  static allows = true;
  state: 'running' | 'suspended' = FakeAudio.allows ? 'running' : 'suspended';
  readonly currentTime = 0;
  readonly destination = {};
  tones = 0;
  constructor() {
    super();
    FakeAudio.made.push(this);
  }
  createOscillator() {
    this.tones += 1;
    const node = { frequency: { value: 0 }, connect: (to: unknown) => to, start() {}, stop() {} };
    return node;
  }
  createGain() {
    const gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
    return { gain, connect: (to: unknown) => to };
  }
  async resume(): Promise<void> {
    this.state = 'running';
    this.dispatchEvent(new Event('statechange'));
  }
  async close(): Promise<void> {
    this.state = 'suspended';
  }
}

describe('the switch of the sound', () => {
  beforeEach(() => {
    localStorage.clear();
    FakeAudio.made.length = 0;
    FakeAudio.allows = true;
    vi.stubGlobal('AudioContext', FakeAudio);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    fakeApi(() => undefined);
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  /** The first picture comes before the sound. */
  const opened = async (): Promise<void> => {
    await screen.findByTestId('sound');
    await act(async () => void (await vi.advanceTimersByTimeAsync(6_000)));
  };
  const played = (): number => FakeAudio.made.reduce((sum, { tones }) => sum + tones, 0);

  it('says that the sound is on, and two tones sound for a critical incident', async () => {
    openBoard('/', snapshotOf({ incidents: [critical] }));
    expect((await screen.findByTestId('sound')).textContent).toBe(ru.sound.on);
    expect(FakeAudio.made).toEqual([]);
    await opened();
    await vi.waitFor(() => expect(played()).toBe(2));
  });

  it('is muted by a press, stays so after a reload, and nothing sounds', async () => {
    const first = openBoard('/', snapshotOf());
    fireEvent.click(await screen.findByTestId('sound'));
    expect(screen.getByTestId('sound').textContent).toBe(ru.sound.muted);
    first.unmount();
    const before = played();
    openBoard('/', snapshotOf({ incidents: [critical] }));
    const button = await screen.findByTestId('sound');
    expect(button.textContent).toBe(ru.sound.muted);
    // The bell is crossed out whenever nothing would sound.
    expect(button.querySelector('.glyph-mark')).not.toBeNull();
    expect(played()).toBe(before);
    fireEvent.click(button);
    expect(button.textContent).toBe(ru.sound.on);
    expect(button.querySelector('.glyph-mark')).toBeNull();
  });

  it('says that the browser does not allow it, until somebody presses', async () => {
    FakeAudio.allows = false;
    const { tell } = openBoard('/', snapshotOf({ incidents: [critical] }));
    const button = await screen.findByTestId('sound');
    await opened();
    expect(button.textContent).toBe(ru.sound.blocked);
    expect(played()).toBe(0);
    // As a mouse and a keyboard do it: what allows the sound comes before the click.
    await act(async () => {
      fireEvent.pointerDown(button);
      fireEvent.keyDown(button, { code: 'Space' });
    });
    expect(button.textContent).toBe(ru.sound.blocked);
    fireEvent.click(button);
    expect(button.textContent).toBe(ru.sound.on);
    act(() => tell(deltaOf(2, { incidents: [other] })));
    expect(played()).toBe(2);
    expect(localStorage.getItem('ppe-pulse.settings')).toBeNull();
  });

  it('is allowed by any press elsewhere on the page, too', async () => {
    FakeAudio.allows = false;
    openBoard('/', snapshotOf({ incidents: [critical] }));
    const button = await screen.findByTestId('sound');
    await opened();
    expect(button.textContent).toBe(ru.sound.blocked);
    await act(async () => fireEvent.pointerDown(screen.getByTestId('incidents')));
    expect(button.textContent).toBe(ru.sound.on);
  });

  it('is opened at once by a press, and asks for nothing before', async () => {
    openBoard('/', snapshotOf());
    const button = await screen.findByTestId('sound');
    expect(FakeAudio.made).toEqual([]);
    await act(async () => fireEvent.pointerDown(screen.getByTestId('incidents')));
    expect(FakeAudio.made.length).toBe(1);
    expect(button.textContent).toBe(ru.sound.on);
    await opened();
    expect(FakeAudio.made.length).toBe(1);
  });

  it('says that there is none where the browser has no sound', async () => {
    vi.stubGlobal('AudioContext', undefined);
    openBoard('/', snapshotOf({ incidents: [critical] }));
    expect((await screen.findByTestId('sound')).textContent).toBe(ru.sound.missing);
  });
});
