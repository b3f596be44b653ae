import { runCommand } from '../../child/run-command.ts';
import {
  failureInWords,
  LIST_FORMAT,
  parseDeviceList,
  scanFailure,
  type SaneDevice,
  type ScanFailure,
} from './sane.ts';

/** One short scan. */
export interface TestScan {
  /** As `scanimage -d` takes it. */
  readonly device: string;
  /** A folder that replaces `/etc/sane.d`: with one backend in it no other is opened. */
  readonly saneConfigDir?: string;
  /** 75 by default; 300 is what forms are scanned with. */
  readonly resolutionDpi?: number;
  /** Edge of the square at the top left that is scanned. 50 by default. */
  readonly edgeMm?: number;
  /** As the backend names it: `Flatbed`, `ADF`. Its own default where none is given. */
  readonly source?: string;
  /** 30,000 by default: a cold lamp takes 20 s. */
  readonly deadlineMs?: number;
}

/** What came of it. The picture itself is never kept. */
export type TestScanOutcome =
  | { readonly kind: 'scanned'; readonly bytes: number; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly reason: ScanFailure };

/** Devices that answered, or why none could be asked. */
export type DeviceListOutcome =
  | { readonly kind: 'listed'; readonly devices: readonly SaneDevice[] }
  | { readonly kind: 'failed'; readonly reason: 'noAnswer' | 'notSupported' | 'testFailed' };

const SCAN_DEADLINE_MS = 30_000;
const LIST_DEADLINE_MS = 15_000;
const MAX_LIST_BYTES = 64 * 1024;
const RESOLUTION_DPI = 75;
const EDGE_MM = 50;
/** A colour page of A4 at 300 dpi is 26 MB. */
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
/** The smallest test picture, 1 bit a pixel, is 2,800 bytes; a header without a picture is 33. */
const MIN_IMAGE_BYTES = 1_024;

/**
 * Scans for real, on demand only: it opens the device and moves its lamp. Never rejects; ends at the
 * deadline whatever the scanner does.
 */
export async function testScan(scan: TestScan, signal?: AbortSignal): Promise<TestScanOutcome> {
  const edge = String(scan.edgeMm ?? EDGE_MM);
  const outcome = await runCommand({
    program: 'scanimage',
    args: [
      `--device-name=${scan.device}`,
      '--format=pnm',
      ...(scan.source === undefined ? [] : ['--source', scan.source]),
      '--resolution',
      String(scan.resolutionDpi ?? RESOLUTION_DPI),
      '-x',
      edge,
      '-y',
      edge,
    ],
    env: saneEnv(scan.saneConfigDir),
    deadlineMs: scan.deadlineMs ?? SCAN_DEADLINE_MS,
    output: { kind: 'counted', maxBytes: MAX_IMAGE_BYTES },
    ...(signal ? { signal } : {}),
  });
  switch (outcome.kind) {
    case 'notFound':
      return { kind: 'failed', reason: 'notSupported' };
    case 'deadline':
      return { kind: 'failed', reason: failureInWords(outcome.stderr) ?? 'noAnswer' };
    case 'tooMuch':
      return { kind: 'failed', reason: 'testFailed' };
    case 'ended': {
      const { code, stderr, bytes, tookMs } = outcome;
      if (code !== 0) return { kind: 'failed', reason: scanFailure(code, stderr) };
      // A scanner that ends at once without a picture exits with 0 too.
      if (bytes < MIN_IMAGE_BYTES) return { kind: 'failed', reason: 'testFailed' };
      return { kind: 'scanned', bytes, tookMs };
    }
  }
}

/**
 * The scanners that SANE finds, on demand only: it opens every USB device, and takes 3.5 s with all
 * of Debian's backends. Never rejects.
 */
export async function listScanners(
  saneConfigDir?: string,
  signal?: AbortSignal,
): Promise<DeviceListOutcome> {
  const outcome = await runCommand({
    program: 'scanimage',
    args: ['-f', LIST_FORMAT],
    env: saneEnv(saneConfigDir),
    deadlineMs: LIST_DEADLINE_MS,
    output: { kind: 'kept', maxBytes: MAX_LIST_BYTES },
    ...(signal ? { signal } : {}),
  });
  if (outcome.kind === 'notFound') return { kind: 'failed', reason: 'notSupported' };
  if (outcome.kind === 'deadline') return { kind: 'failed', reason: 'noAnswer' };
  if (outcome.kind === 'tooMuch' || outcome.code !== 0)
    return { kind: 'failed', reason: 'testFailed' };
  return { kind: 'listed', devices: parseDeviceList(outcome.stdout) };
}

function saneEnv(configDir: string | undefined): Record<string, string> {
  return configDir === undefined ? {} : { SANE_CONFIG_DIR: configDir };
}
