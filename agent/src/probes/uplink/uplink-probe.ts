import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { Reading, UplinkFacts } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';

/** What the ППЭ will send at once. How many cameras there are is the plan's to say; until then here. */
export const UplinkSchema = Type.Object({
  cameras: Type.Integer({ minimum: 0, maximum: 200 }),
  /** 1 Mbit/s a camera is what the federal video portal takes. */
  cameraBytesPerSecond: Type.Number({ minimum: 0, default: 125_000 }),
  /** Exam materials and scans beside the video. */
  emBytesPerSecond: Type.Number({ minimum: 0, default: 0 }),
});
export type UplinkConfig = Static<typeof UplinkSchema>;

const PERIOD_MS = 60_000;
const DEADLINE_MS = 1_000;

/** Sets what the ППЭ will send against the last measured upload. It measures nothing of its own. */
export class UplinkProbe implements Probe {
  readonly name = 'uplink';
  readonly family = 'net';
  readonly watches = { subject: 'uplink', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly deadlineMs = DEADLINE_MS;
  readonly #uplink: UplinkConfig | undefined;
  readonly #clock: Clock;
  readonly #lastUpload: () => Reading | undefined;

  constructor(
    uplink: UplinkConfig | undefined,
    clock: Clock,
    lastUpload: () => Reading | undefined,
  ) {
    this.#uplink = uplink;
    this.#clock = clock;
    this.#lastUpload = lastUpload;
  }

  async measure(): Promise<ProbeOutcome> {
    const facts = this.#facts();
    const { neededBytesPerSecond: needed, measuredBytesPerSecond: measured } = facts;
    const hasBoth = needed !== undefined && measured !== undefined && measured > 0;
    return {
      kind: 'measured',
      facts: { subject: 'uplink', facts },
      metrics: hasBoth ? { 'net.uplink.ratio': needed / measured } : {},
    };
  }

  #facts(): UplinkFacts {
    const upload = this.#lastUpload();
    const need = this.#uplink;
    return {
      ...(need
        ? {
            neededBytesPerSecond: need.cameras * need.cameraBytesPerSecond + need.emBytesPerSecond,
          }
        : {}),
      ...(upload
        ? {
            measuredBytesPerSecond: upload.value,
            measuredAgeMs: this.#clock.monotonicMs() - upload.atMs,
          }
        : {}),
    };
  }
}
