import { wideText, type NativeLibraries } from './native-libraries.ts';

/**
 * Reading the registry (advapi32.dll), for the probe child only: the calls block. Tried under wine,
 * which proves signatures and decoding; unverified on Windows.
 */

/** HKEY_LOCAL_MACHINE and HKEY_USERS: a 32-bit number with its sign. */
export const registryRoots = { localMachine: -0x7fff_fffe, users: -0x7fff_fffd } as const;
/** KEY_READ; the other two choose what 64-bit or 32-bit programs see. */
const KEY_READ = 0x2_0019;
export const registryViews = { own: 0, bits64: 0x100, bits32: 0x200 } as const;
const SUCCESS = 0;
const FILE_NOT_FOUND = 2;
const NO_MORE_ITEMS = 259;
/** A key's name has 255 characters at most. */
const NAME_BYTES = 512;
const MAX_VALUE_BYTES = 4_096;

const prototypes = {
  open: 'int32 __stdcall RegOpenKeyExW(int64 key, str16 path, uint32 options, uint32 access, _Out_ int64 *opened)',
  names:
    'int32 __stdcall RegEnumKeyExW(int64 key, uint32 index, void *name, void *characters, void *reserved, void *type, void *typeCharacters, void *written)',
  value:
    'int32 __stdcall RegQueryValueExW(int64 key, str16 name, void *reserved, void *type, void *data, void *bytes)',
  close: 'int32 __stdcall RegCloseKey(int64 key)',
};

/** A way to read keys. */
export interface RegistryKeys {
  readonly readAccess: number;
  /** Opens a key below another; undefined when there is none. Throws where it may not be read. */
  open(key: unknown, path: string, view: number): unknown;
  /** Names below a key, `most` at most. */
  names(key: unknown, most: number): string[];
  /** Bytes of a value; undefined when there is none, or when it is too long to be meant. */
  value(key: unknown, name: string): Buffer | undefined;
  close(key: unknown): void;
}

/** Binds the calls. */
export async function registryKeys(libraries: NativeLibraries): Promise<RegistryKeys> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  return {
    readAccess: KEY_READ,
    open: (key, path, view) => {
      const opened: [unknown] = [null];
      const code = calls.open(key, path, 0, KEY_READ | view, opened);
      if (code === FILE_NOT_FOUND) return undefined;
      if (code !== SUCCESS) throw new Error(`RegOpenKeyEx failed (${String(code)})`);
      return opened[0];
    },
    names: (key, most) => {
      const names: string[] = [];
      while (names.length < most) {
        const name = Buffer.alloc(NAME_BYTES);
        const characters = Buffer.alloc(4);
        characters.writeUInt32LE(NAME_BYTES / 2);
        const code = calls.names(key, names.length, name, characters, null, null, null, null);
        if (code === NO_MORE_ITEMS) break;
        if (code !== SUCCESS) throw new Error(`RegEnumKeyEx failed (${String(code)})`);
        names.push(wideText(name));
      }
      return names;
    },
    value: (key, name) => {
      const data = Buffer.alloc(MAX_VALUE_BYTES);
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(MAX_VALUE_BYTES);
      if (calls.value(key, name, null, null, data, bytes) !== SUCCESS) return undefined;
      return data.subarray(0, bytes.readUInt32LE());
    },
    close: (key) => void calls.close(key),
  };
}
