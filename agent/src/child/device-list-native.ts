import { isTrue, wideText, type NativeFunction, type NativeLibraries } from './native-libraries.ts';

/**
 * Calls of the Plug and Play manager (setupapi.dll), for the probe child only: they block. Tried under
 * wine, which proves signatures and decoding; unverified on Windows.
 */

/** DIGCF_PRESENT: what is unplugged or off is not listed. */
const PRESENT = 0x2;
const ALL_CLASSES = 0x4;
const INVALID_HANDLE = -1;
const NO_MORE_ITEMS = 259;
/** Devices that are looked at; a PC with hubs has 60 on its USB. */
const MAX_DEVICES = 1_000;
/** MAX_DEVICE_ID_LEN is 200 characters. */
const TEXT_BYTES = 512;
const DEVINFO_DATA = { bytes: 32, classGuid: 4, devInst: 20 } as const;
const DIREG_DEV = 1;
const DICS_FLAG_GLOBAL = 1;

const prototypes = {
  list: 'int64 __stdcall SetupDiGetClassDevsW(void *guid, str16 enumerator, void *window, uint32 flags)',
  enumerate: 'int32 __stdcall SetupDiEnumDeviceInfo(int64 list, uint32 index, void *data)',
  instanceId:
    'int32 __stdcall SetupDiGetDeviceInstanceIdW(int64 list, void *data, void *id, uint32 characters, void *needed)',
  property:
    'int32 __stdcall SetupDiGetDeviceRegistryPropertyW(int64 list, void *data, uint32 property, void *type, void *buffer, uint32 bytes, void *needed)',
  openKey:
    'int64 __stdcall SetupDiOpenDevRegKey(int64 list, void *data, uint32 scope, uint32 profile, uint32 keyType, uint32 access)',
  destroy: 'int32 __stdcall SetupDiDestroyDeviceInfoList(int64 list)',
};

/** One device while the list is open. */
export interface ListedDevice {
  /** `USB\VID_04A9&PID_190F\…`; its end may be a serial number, which goes no further than here. */
  readonly instanceId: string;
  /** Of its class, 16 bytes as they lie in memory. */
  readonly classGuid: Buffer;
  /** For CM_… calls. */
  readonly devInst: number;
  /** Text of one SPDRP_… property, empty where there is none. */
  property(number: number): string;
  /** Its own key of the registry, −1 where there is none; the caller closes it. */
  openKey(access: number): unknown;
}

/** Which devices: of a class, or of all classes under one enumerator such as `USB`. */
export type DeviceFilter = { readonly classGuid: Buffer } | { readonly enumerator: string };

/** Shows every device that is there to `visit`. Throws where the list is not given. */
export async function visitDevices(
  libraries: NativeLibraries,
  filter: DeviceFilter,
  visit: (device: ListedDevice) => void,
): Promise<void> {
  const calls = await libraries.bind('setupapi.dll', prototypes);
  const list =
    'classGuid' in filter
      ? calls.list(filter.classGuid, null, null, PRESENT)
      : calls.list(null, filter.enumerator, null, PRESENT | ALL_CLASSES);
  if (Number(list) === INVALID_HANDLE)
    throw new Error(`SetupDiGetClassDevs failed (${libraries.lastError()})`);
  try {
    for (let index = 0; index < MAX_DEVICES; index += 1) {
      const data = Buffer.alloc(DEVINFO_DATA.bytes);
      data.writeUInt32LE(DEVINFO_DATA.bytes);
      if (!isTrue(calls.enumerate(list, index, data))) {
        const code = libraries.lastError();
        if (code === NO_MORE_ITEMS) return;
        throw new Error(`SetupDiEnumDeviceInfo failed (${code})`);
      }
      visit(listedDevice(calls, list, data));
    }
  } finally {
    calls.destroy(list);
  }
}

function listedDevice(
  calls: Readonly<Record<keyof typeof prototypes, NativeFunction>>,
  list: unknown,
  data: Buffer,
): ListedDevice {
  const text = (fill: (buffer: Buffer) => unknown): string => {
    const buffer = Buffer.alloc(TEXT_BYTES);
    return isTrue(fill(buffer)) ? wideText(buffer) : '';
  };
  return {
    instanceId: text((id) => calls.instanceId(list, data, id, TEXT_BYTES / 2, null)),
    classGuid: data.subarray(DEVINFO_DATA.classGuid, DEVINFO_DATA.devInst),
    devInst: data.readUInt32LE(DEVINFO_DATA.devInst),
    property: (number) =>
      text((value) => calls.property(list, data, number, null, value, TEXT_BYTES, null)),
    openKey: (access) => calls.openKey(list, data, DICS_FLAG_GLOBAL, 0, DIREG_DEV, access),
  };
}

/** `USB\VID_04A9&PID_190F&MI_01\…` belongs to `04a9:190f`. */
export function isUsbDevice(instanceId: string, usbId: string): boolean {
  const [vendor, product] = usbId.toUpperCase().split(':');
  const start = `USB\\VID_${vendor ?? ''}&PID_${product ?? ''}`;
  const id = instanceId.toUpperCase();
  return id.startsWith(start) && ['\\', '&'].includes(id.charAt(start.length));
}
