import type { Reason } from '@ppe-pulse/protocol';

/** Asks `scanimage -f` for one line a device. */
export const LIST_FORMAT = '%d|%v|%m|%t|%i%n';
const MAX_DEVICES = 64;

/** A scanner as SANE names it. */
export interface SaneDevice {
  /** What `scanimage -d` takes. */
  readonly device: string;
  readonly vendor: string;
  readonly model: string;
  readonly type: string;
  readonly index: number;
}

/** Why a test scan failed. */
export type ScanFailure = Extract<
  Reason,
  | 'scannerBusy'
  | 'scannerJam'
  | 'feederEmpty'
  | 'scannerCoverOpen'
  | 'scannerAbsent'
  | 'ioError'
  | 'accessDenied'
  | 'unsupported'
  | 'testFailed'
  | 'noAnswer'
  | 'notSupported'
>;

/** Devices of `scanimage -f '%d|%v|%m|%t|%i%n'`; lines that are not as expected are passed over. */
export function parseDeviceList(text: string): SaneDevice[] {
  return text
    .split('\n')
    .flatMap((line) => {
      const [device, vendor, model, type, index, ...more] = line.split('|');
      if (!device || vendor === undefined || model === undefined || type === undefined) return [];
      if (index === undefined || !/^\d{1,4}$/.test(index) || more.length > 0) return [];
      return [{ device, vendor, model, type, index: Number(index) }];
    })
    .slice(0, MAX_DEVICES);
}

/** `SANE_Status` (sane.h), which `scanimage` exits with, by number. */
const byCode: Readonly<Record<number, ScanFailure>> = {
  2: 'testFailed', // cancelled
  3: 'scannerBusy',
  4: 'unsupported', // invalid argument
  5: 'testFailed', // end of file
  6: 'scannerJam',
  7: 'feederEmpty',
  8: 'scannerCoverOpen',
  9: 'ioError',
  10: 'testFailed', // out of memory
  11: 'accessDenied',
};

/** Texts of `sane_strstatus` with `LC_ALL=C`: where the exit code says only «failed». */
const byText: readonly (readonly [string, ScanFailure])[] = [
  ['Device busy', 'scannerBusy'],
  ['Document feeder jammed', 'scannerJam'],
  ['Document feeder out of documents', 'feederEmpty'],
  ['Scanner cover is open', 'scannerCoverOpen'],
  ['Error during device I/O', 'ioError'],
  ['Access to resource has been denied', 'accessDenied'],
  ['Operation not supported', 'unsupported'],
];

/**
 * The reason behind an exit code other than 0. Code 1 is `SANE_STATUS_UNSUPPORTED` and also what
 * `scanimage` exits with when it could not open the device: then its last words tell.
 */
export function scanFailure(code: number, stderr: string): ScanFailure {
  if (code !== 1) return byCode[code] ?? 'testFailed';
  const known = byText.find(([text]) => stderr.includes(text));
  if (known) return known[1];
  // A device that is not there is an invalid name to every backend; none at all is said in words.
  const isAbsent = /open of device .* failed|no SANE devices found/.test(stderr);
  return isAbsent ? 'scannerAbsent' : 'testFailed';
}

/**
 * What a `scanimage` that had to be killed had said before: backends have been seen to hang while
 * they are closed (SANE's own one of twenty times). Undefined when it had not come to an end.
 */
export function failureInWords(stderr: string): ScanFailure | undefined {
  const said = /^scanimage: sane_\w+: (.+)$/m.exec(stderr)?.[1];
  if (said === undefined) return undefined;
  if (said.includes('Invalid argument')) return 'unsupported';
  return byText.find(([text]) => said.includes(text))?.[1] ?? 'testFailed';
}
