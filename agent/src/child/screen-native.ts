import { edidSize } from '../probes/screen/edid.ts';
import type { PluggedScreens, ScreenSize } from '../probes/screen/screen-size.ts';
import type { WindowsScreens } from '../probes/screen/windows-screens.ts';
import { visitDevices } from './device-list-native.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';
import { registryKeys } from './registry-native.ts';

/**
 * Calls of user32.dll, and screens of the Plug and Play manager, for the probe child only: they block.
 * Tried under wine, which proves signatures and decoding; unverified on Windows.
 */

/** GUID_DEVCLASS_MONITOR {4d36e96e-e325-11ce-bfc1-08002be10318}. */
const MONITOR_CLASS = '6ee9364d25e3ce11bfc108002be10318';
const ATTACHED_TO_DESKTOP = 0x1;
const MIRRORING_DRIVER = 0x8;
/** ENUM_CURRENT_SETTINGS. */
const CURRENT = 0xffff_ffff;
const MAX_DISPLAYS = 64;
const DISPLAY_DEVICE = { bytes: 840, name: 4, nameEnd: 68, flags: 324 } as const;
const DEVMODE = { bytes: 220, size: 68, width: 172, height: 176 } as const;

const prototypes = {
  devices:
    'int32 __stdcall EnumDisplayDevicesW(void *adapter, uint32 index, void *device, uint32 flags)',
  settings: 'int32 __stdcall EnumDisplaySettingsW(void *name, uint32 mode, void *settings)',
};
const kernelPrototypes = {
  processId: 'uint32 __stdcall GetCurrentProcessId()',
  session: 'int32 __stdcall ProcessIdToSessionId(uint32 process, _Out_ uint32 *session)',
};

/** Sizes of the screens, in real pixels. */
export async function screenReading(libraries: NativeLibraries): Promise<WindowsScreens> {
  const kernel = await libraries.bind('kernel32.dll', kernelPrototypes);
  const session: [number] = [0];
  const isKnown = isTrue(kernel.session(kernel.processId(), session));
  return {
    isPersons: isKnown && session[0] !== 0,
    desktop: await desktopSizes(libraries),
    monitors: await monitorSizes(libraries),
  };
}

/** What the desktop of this session shows now; not scaled, unlike GetSystemMetrics. */
async function desktopSizes(libraries: NativeLibraries): Promise<ScreenSize[]> {
  const calls = await libraries.bind('user32.dll', prototypes);
  const sizes: ScreenSize[] = [];
  for (let index = 0; index < MAX_DISPLAYS; index += 1) {
    const device = Buffer.alloc(DISPLAY_DEVICE.bytes);
    device.writeUInt32LE(DISPLAY_DEVICE.bytes);
    if (!isTrue(calls.devices(null, index, device, 0))) break;
    const flags = device.readUInt32LE(DISPLAY_DEVICE.flags);
    if ((flags & ATTACHED_TO_DESKTOP) === 0 || (flags & MIRRORING_DRIVER) !== 0) continue;
    const settings = Buffer.alloc(DEVMODE.bytes);
    settings.writeUInt16LE(DEVMODE.bytes, DEVMODE.size);
    const name = device.subarray(DISPLAY_DEVICE.name, DISPLAY_DEVICE.nameEnd);
    if (!isTrue(calls.settings(name, CURRENT, settings))) continue;
    sizes.push({
      width: settings.readUInt32LE(DEVMODE.width),
      height: settings.readUInt32LE(DEVMODE.height),
    });
  }
  return sizes;
}

async function monitorSizes(libraries: NativeLibraries): Promise<PluggedScreens> {
  const registry = await registryKeys(libraries);
  const sizes: (ScreenSize | null)[] = [];
  const filter = { classGuid: Buffer.from(MONITOR_CLASS, 'hex') };
  await visitDevices(libraries, filter, (device) => {
    const key = device.openKey(registry.readAccess);
    const hasKey = Number(key) !== -1;
    const edid = hasKey ? registry.value(key, 'EDID') : undefined;
    if (hasKey) registry.close(key);
    sizes.push((edid && edidSize(edid)) ?? null);
  });
  return sizes;
}
