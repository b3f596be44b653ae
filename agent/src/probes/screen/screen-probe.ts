import type { ProbeHost } from '../../child/probe-host.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { drmScreens } from './drm-screens.ts';
import { largestScreen, type PluggedScreens } from './screen-size.ts';
import { personsScreens } from './windows-screens.ts';

const PERIOD_MS = 5 * 60_000;
const DEADLINE_MS = 8_000;
const JOB_DEADLINE_MS = 5_000;

/** What the screen probe works with. */
export interface ScreenParts {
  readonly host: ProbeHost;
  /** Where Linux lists its screens, elsewhere in tests. */
  readonly connectors?: string;
}

/** The largest screen of the PC: programs of the exam need room. */
export class ScreenProbe implements Probe {
  readonly name = 'screen';
  readonly family = 'host';
  readonly watches = { subject: 'screen', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly deadlineMs = DEADLINE_MS;
  readonly #parts: ScreenParts;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
  }

  async measure(): Promise<ProbeOutcome> {
    const screens = await this.#look();
    if (screens.length === 0) return { kind: 'nothing' };
    const largest = largestScreen(screens);
    // Plugged in and without a size: known to be there, not known to be large enough.
    if (!largest) return { kind: 'failed', reason: 'notSupported' };
    return {
      kind: 'measured',
      facts: { subject: 'screen', facts: largest },
      metrics: {
        'pc.screen.width.pixels': largest.width,
        'pc.screen.height.pixels': largest.height,
      },
    };
  }

  async #look(): Promise<PluggedScreens> {
    if (process.platform !== 'win32') return drmScreens(this.#parts.connectors);
    return personsScreens(await this.#parts.host.run('screens', null, JOB_DEADLINE_MS));
  }
}
