import type { ScannerFacts } from '@ppe-pulse/protocol';
import type { ServiceState } from '../../platform/windows-service.ts';

/** A device as Windows' Plug and Play manager lists it; only devices that are there are listed. */
export interface WindowsDevice {
  /** Of the class of pictures, which programs reach through the image service (WIA). */
  readonly isImage: boolean;
  /** Name of its driver, in lower case. */
  readonly driver: string;
  /** Microsoft's CM_PROB_… number, 0 for none. */
  readonly problem: number;
}

/** What the PC knows of a scanner: its devices and the image service. */
export interface WindowsScannerReading {
  readonly devices: readonly WindowsDevice[];
  /** Undefined where the service manager does not tell. */
  readonly service?: ServiceState;
}

/** A web camera is of the class of pictures too and scans nothing. */
const WEB_CAMERA = 'usbvideo';

/** The scanner in a reading. Meanings are Microsoft's; unverified on Windows. */
export function windowsScanner({ devices, service }: WindowsScannerReading): ScannerFacts {
  const real = devices.filter(({ driver }) => driver !== WEB_CAMERA);
  const images = real.filter(({ isImage }) => isImage);
  const problem = images.length > 0 ? problemOfAll(images) : problemOfAny(real);
  // Without a device of the class the scanner's own programs do without the image service, and one
  // that starts on demand is no fault while it is stopped.
  const isServiceUp = images.length === 0 || service === 'onDemand' ? undefined : service;
  const isPresent = real.length > 0;
  return {
    source: 'windows',
    isPresent,
    state: isPresent ? 'present' : 'down',
    ...(isServiceUp === undefined ? {} : { isServiceUp: isServiceUp === 'running' }),
    ...(problem === 0 ? {} : { driverProblem: problem }),
  };
}

/** One of several that works is enough. */
function problemOfAll(devices: readonly WindowsDevice[]): number {
  return devices.some(({ problem }) => problem === 0) ? 0 : (devices[0]?.problem ?? 0);
}

/** Of a device with many functions the one without a driver may be the scanner. */
function problemOfAny(devices: readonly WindowsDevice[]): number {
  return devices.find(({ problem }) => problem !== 0)?.problem ?? 0;
}
