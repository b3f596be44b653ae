import { isUsbDevice, visitDevices } from './device-list-native.ts';
import type { NativeLibraries } from './native-libraries.ts';

/**
 * Is a USB device with this id (`03f0:2b17`) plugged in and on? Nothing is opened. For the probe child
 * only: the calls block. Tried under wine; unverified on Windows.
 */
export async function usbPresence(libraries: NativeLibraries, usbId: string): Promise<boolean> {
  let isPresent = false;
  await visitDevices(libraries, { enumerator: 'USB' }, ({ instanceId }) => {
    if (isUsbDevice(instanceId, usbId)) isPresent = true;
  });
  return isPresent;
}
