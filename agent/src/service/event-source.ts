import type { NativeLibraries } from '../child/native-libraries.ts';
import { registryRoots } from '../child/registry-native.ts';
import { EVENT_SOURCE } from './event-log.ts';
import { ServiceFault } from './service-control.ts';

/**
 * The key that tells the event viewer how our entries read (advapi32.dll). Windows has a library whose
 * messages are nothing but the text of the entry. Tried under wine; unverified on Windows.
 */

const KEY = `SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${EVENT_SOURCE}`;
const MESSAGES = '%SystemRoot%\\System32\\EventCreate.exe';
/** Errors, warnings and information. */
const TYPES = 0x7;
const KEY_WRITE = 0x2_0006;
/** REG_EXPAND_SZ and REG_DWORD. */
const EXPANDED = 2;
const NUMBER = 4;
const SUCCESS = 0;
const FILE_NOT_FOUND = 2;

const prototypes = {
  create:
    'int32 __stdcall RegCreateKeyExW(int64 key, str16 path, uint32 reserved, str16 kind, uint32 options, uint32 access, void *security, _Out_ int64 *opened, void *disposition)',
  set: 'int32 __stdcall RegSetValueExW(int64 key, str16 name, uint32 reserved, uint32 type, void *data, uint32 bytes)',
  remove: 'int32 __stdcall RegDeleteKeyW(int64 key, str16 path)',
  close: 'int32 __stdcall RegCloseKey(int64 key)',
};

/** Writes the key; again where it is there. */
export async function registerEventSource(libraries: NativeLibraries): Promise<void> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  const opened: [unknown] = [null];
  const { localMachine } = registryRoots;
  check(calls.create(localMachine, KEY, 0, null, 0, KEY_WRITE, null, opened, null));
  const [key] = opened;
  try {
    const messages = Buffer.from(`${MESSAGES}\0`, 'utf16le');
    const types = Buffer.alloc(4);
    types.writeUInt32LE(TYPES);
    check(calls.set(key, 'EventMessageFile', 0, EXPANDED, messages, messages.length));
    check(calls.set(key, 'TypesSupported', 0, NUMBER, types, types.length));
  } finally {
    calls.close(key);
  }
}

/** Removes the key, if it is there. */
export async function removeEventSource(libraries: NativeLibraries): Promise<void> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  const code = calls.remove(registryRoots.localMachine, KEY);
  if (code !== FILE_NOT_FOUND) check(code);
}

function check(code: unknown): void {
  if (code === SUCCESS) return;
  if (code === 5) throw new ServiceFault('denied');
  throw new ServiceFault('refused', `the event log’s key (${String(code)})`);
}
