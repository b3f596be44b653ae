import { serviceState, type ServiceState } from '../platform/windows-service.ts';
import type { WindowsDevice, WindowsScannerReading } from '../probes/scanner/windows-scanner.ts';
import { isUsbDevice, visitDevices } from './device-list-native.ts';
import type { NativeFunction, NativeLibraries } from './native-libraries.ts';
import { serviceReading } from './service-native.ts';

/** GUID_DEVCLASS_IMAGE {6bdd1fc6-810f-11d0-bec7-08002be2092f}: scanners and still cameras. */
const IMAGE_CLASS = 'c61fdd6b0f81d011bec708002be2092f';
/** SPDRP_SERVICE: the driver's own name. */
const SERVICE_PROPERTY = 4;
/** DN_HAS_PROBLEM of CM_Get_DevNode_Status. */
const HAS_PROBLEM = 0x400;
/** Windows Image Acquisition (WIA). */
const IMAGE_SERVICE = 'stisvc';

const prototypes = {
  status:
    'uint32 __stdcall CM_Get_DevNode_Status(_Out_ uint32 *status, _Out_ uint32 *problem, uint32 device, uint32 flags)',
};

/**
 * Scanners that are plugged in, by their USB id (`04a9:190f`), else everything of the class of
 * pictures; nothing is opened. For the probe child only: the calls block. Tried under wine; unverified
 * on Windows.
 */
export async function scannerReading(
  libraries: NativeLibraries,
  usbId: string | undefined,
): Promise<WindowsScannerReading> {
  const { status } = await libraries.bind('cfgmgr32.dll', prototypes);
  const devices: WindowsDevice[] = [];
  const imageClass = Buffer.from(IMAGE_CLASS, 'hex');
  const filter = usbId === undefined ? { classGuid: imageClass } : { enumerator: 'USB' };
  await visitDevices(libraries, filter, (device) => {
    if (usbId !== undefined && !isUsbDevice(device.instanceId, usbId)) return;
    devices.push({
      isImage: device.classGuid.equals(imageClass),
      driver: device.property(SERVICE_PROPERTY).toLowerCase(),
      problem: problemOf(status, device.devInst),
    });
  });
  const service = await imageService(libraries);
  return { devices, ...(service === undefined ? {} : { service }) };
}

/** Undefined where the service manager does not tell: what is plugged in is known without it. */
async function imageService(libraries: NativeLibraries): Promise<ServiceState | undefined> {
  try {
    return serviceState(await serviceReading(libraries, IMAGE_SERVICE));
  } catch {
    return undefined;
  }
}

/** CM_PROB_… of a device, 0 for none. Without an answer nothing is known to be wrong with it. */
function problemOf(status: NativeFunction, device: number): number {
  const flags: [number] = [0];
  const problem: [number] = [0];
  const isAnswered = status(flags, problem, device, 0) === 0;
  return isAnswered && (flags[0] & HAS_PROBLEM) !== 0 ? problem[0] : 0;
}
