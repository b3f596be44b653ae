import type { ServiceReading } from '../platform/windows-service.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';

/**
 * Calls of the service manager (advapi32.dll), for the probe child only: they block. Tried under
 * wine, which proves signatures and decoding; unverified on Windows.
 */

const SC_MANAGER_CONNECT = 0x1;
/** SERVICE_QUERY_CONFIG and SERVICE_QUERY_STATUS: every user has them. */
const QUERY = 0x1 | 0x4;
const ERROR_SERVICE_DOES_NOT_EXIST = 1_060;
const SERVICE_STATUS = { bytes: 28, currentState: 4 } as const;
/** A configuration with its texts has 8 kB at most. */
const CONFIG = { bytes: 8_192, startType: 4 } as const;

const prototypes = {
  openManager: 'void *__stdcall OpenSCManagerW(str16 machine, str16 database, uint32 access)',
  openService: 'void *__stdcall OpenServiceW(void *manager, str16 name, uint32 access)',
  queryStatus: 'int32 __stdcall QueryServiceStatus(void *service, void *status)',
  queryConfig:
    'int32 __stdcall QueryServiceConfigW(void *service, void *config, uint32 size, void *needed)',
  close: 'int32 __stdcall CloseServiceHandle(void *handle)',
};

/** One service by its name; undefined when none of that name is installed. */
export async function serviceReading(
  libraries: NativeLibraries,
  name: string,
): Promise<ServiceReading | undefined> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  const manager = calls.openManager(null, null, SC_MANAGER_CONNECT);
  if (manager === null) throw new Error(`OpenSCManager failed (${libraries.lastError()})`);
  let service: unknown = null;
  try {
    service = calls.openService(manager, name, QUERY);
    if (service === null) {
      const code = libraries.lastError();
      if (code === ERROR_SERVICE_DOES_NOT_EXIST) return undefined;
      throw new Error(`OpenService ${name} failed (${code})`);
    }
    const status = Buffer.alloc(SERVICE_STATUS.bytes);
    const config = Buffer.alloc(CONFIG.bytes);
    if (
      !isTrue(calls.queryStatus(service, status)) ||
      !isTrue(calls.queryConfig(service, config, config.length, Buffer.alloc(4)))
    ) {
      throw new Error(`QueryService ${name} failed (${libraries.lastError()})`);
    }
    return {
      state: status.readUInt32LE(SERVICE_STATUS.currentState),
      startType: config.readUInt32LE(CONFIG.startType),
    };
  } finally {
    if (service !== null) calls.close(service);
    calls.close(manager);
  }
}
