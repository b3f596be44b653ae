import type { Role } from '../placement.ts';

/**
 * Limits of the checks, with their sources in `domain.md` «Checks». All of them may be overridden
 * per role by configuration. Ratios are 0…1, sizes are bytes, times are milliseconds.
 */
export interface Thresholds {
  /** Mean CPU use of the last minute. */
  readonly cpuWarnRatio: number;
  readonly cpuFailRatio: number;
  readonly ramWarnUsedRatio: number;
  readonly ramFailUsedRatio: number;
  readonly diskWarnFreeBytes: number;
  readonly diskFailFreeBytes: number;
  readonly clockOkMs: number;
  readonly clockWarnMs: number;
  readonly lossOkRatio: number;
  readonly lossWarnRatio: number;
  readonly rttOkMs: number;
  readonly rttWarnMs: number;
  /** Speed of the contract: 100 Mbit/s in a city, 50 in a village. */
  readonly downContractBytesPerSecond: number;
  /** Under this the exam materials do not arrive in time whatever one does. */
  readonly downFailBytesPerSecond: number;
  /** DNS, TCP and TLS together. */
  readonly portalOkMs: number;
  readonly certificateWarnDays: number;
  /** A reserve route that answered longer ago than this is as good as none. */
  readonly reserveWarnMs: number;
  readonly batteryOkRatio: number;
  readonly batteryOkMs: number;
  readonly screenMinWidth: number;
  readonly screenMinHeight: number;
  /** How long a page that came out speaks for a printer that nobody can ask. */
  readonly printerProofMs: number;
  /** Sheets in the trays for each page that is still to be printed. */
  readonly paperOkRatio: number;
  readonly paperWarnRatio: number;
  /** How long a room may print. */
  readonly printOkMs: number;
  readonly printWarnMs: number;
  /** How long a test scan speaks for a scanner. */
  readonly scannerTestMs: number;
  readonly cameraMinFps: number;
  readonly cameraMinWidth: number;
  readonly cameraMinHeight: number;
  /** 1 where a camera without sound is a defect, 0 where it is not. */
  readonly cameraNeedsAudio: number;
  /** Video outage of a room. */
  readonly outageWarnMs: number;
  readonly outageFailMs: number;
  readonly outageCriticalMs: number;
  /** Share of the measured upload that cameras and exam materials may take together. */
  readonly uplinkOkRatio: number;
  readonly uplinkWarnRatio: number;
  /** An upload test older than this says nothing of the line now. */
  readonly uplinkMaxAgeMs: number;
  /** A microphone that hears less than this is off or far away. */
  readonly soundMinDecibels: number;
}

const gigabyte = 1_000_000_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const defaultThresholds: Thresholds = {
  cpuWarnRatio: 0.9,
  cpuFailRatio: 0.98,
  ramWarnUsedRatio: 0.9,
  ramFailUsedRatio: 0.97,
  diskWarnFreeBytes: 10 * gigabyte,
  diskFailFreeBytes: 2 * gigabyte,
  clockOkMs: 30_000,
  clockWarnMs: 120_000,
  lossOkRatio: 0.01,
  lossWarnRatio: 0.05,
  rttOkMs: 150,
  rttWarnMs: 600,
  downContractBytesPerSecond: 50_000_000 / 8,
  downFailBytesPerSecond: 2_000_000 / 8,
  portalOkMs: 3_000,
  certificateWarnDays: 14,
  reserveWarnMs: 7 * dayMs,
  batteryOkRatio: 0.9,
  batteryOkMs: 20 * minuteMs,
  screenMinWidth: 1_024,
  screenMinHeight: 768,
  printerProofMs: 12 * hourMs,
  paperOkRatio: 1.1,
  paperWarnRatio: 1,
  printOkMs: 10 * minuteMs,
  printWarnMs: 15 * minuteMs,
  scannerTestMs: dayMs,
  cameraMinFps: 15,
  cameraMinWidth: 640,
  cameraMinHeight: 480,
  cameraNeedsAudio: 1,
  outageWarnMs: 5 * minuteMs,
  outageFailMs: 15 * minuteMs,
  outageCriticalMs: 20 * minuteMs,
  uplinkOkRatio: 0.7,
  uplinkWarnRatio: 0.9,
  uplinkMaxAgeMs: 3 * hourMs,
  soundMinDecibels: -50,
};

/** What a role changes: a speaking station needs ≥ 10 GB free, recordings are written there. */
const roleThresholds: Partial<Record<Role, Partial<Thresholds>>> = {
  speaking: { diskWarnFreeBytes: 15 * gigabyte, diskFailFreeBytes: 10 * gigabyte },
};

/** Limits for a role; `overrides` come from configuration and win. */
export function thresholdsFor(role: Role, overrides: Partial<Thresholds> = {}): Thresholds {
  return { ...defaultThresholds, ...roleThresholds[role], ...overrides };
}
