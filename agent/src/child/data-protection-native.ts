import type { KeyGuard } from '../platform/key-guard.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';

/**
 * DPAPI (crypt32.dll): bytes that only this PC can open. Two short calls at the start of the agent.
 * Tried under wine, which proves signatures and structures; unverified on Windows.
 */

/** The service and a person who runs a command are different users: the PC is bound, not the account. */
const CRYPTPROTECT_UI_FORBIDDEN = 0x1;
const CRYPTPROTECT_LOCAL_MACHINE = 0x4;
const FLAGS = CRYPTPROTECT_UI_FORBIDDEN | CRYPTPROTECT_LOCAL_MACHINE;
/** DATA_BLOB of a 64-bit process: a length, four bytes of nothing, a pointer. */
const BLOB = { bytes: 16, length: 0, pointer: 8 } as const;
/** A key is 119 bytes; what is longer is none of ours. */
const MAX_BYTES = 65_536;

const prototypes = {
  protect:
    'int32 __stdcall CryptProtectData(void *plain, str16 description, void *entropy, void *reserved, void *prompt, uint32 flags, void *bound)',
  unprotect:
    'int32 __stdcall CryptUnprotectData(void *bound, void *description, void *entropy, void *reserved, void *prompt, uint32 flags, void *plain)',
};
const memory = { free: 'int64 __stdcall LocalFree(int64 memory)' };

type BlobCall = (input: Buffer, output: Buffer) => unknown;

/** Binds the calls. */
export async function dataProtection(libraries: NativeLibraries): Promise<KeyGuard> {
  const calls = await libraries.bind('crypt32.dll', prototypes);
  const { free } = await libraries.bind('kernel32.dll', memory);
  const ask = async (name: string, call: BlobCall, given: Buffer): Promise<Buffer> => {
    const input = Buffer.alloc(BLOB.bytes);
    input.writeUInt32LE(given.length, BLOB.length);
    input.writeBigUInt64LE(await libraries.address(given), BLOB.pointer);
    const output = Buffer.alloc(BLOB.bytes);
    if (!isTrue(call(input, output))) throw new Error(`${name} failed (${libraries.lastError()})`);
    const pointer = output.readBigInt64LE(BLOB.pointer);
    try {
      const length = output.readUInt32LE(BLOB.length);
      if (length > MAX_BYTES) throw new Error(`${name} answered ${length} bytes`);
      return await libraries.bytes(pointer, length);
    } finally {
      free(pointer);
    }
  };
  return {
    bind: (plain) =>
      ask(
        'CryptProtectData',
        (input, output) => calls.protect(input, 'ppe-pulse', null, null, null, FLAGS, output),
        plain,
      ),
    open: (bound) =>
      ask(
        'CryptUnprotectData',
        (input, output) => calls.unprotect(input, null, null, null, null, FLAGS, output),
        bound,
      ),
  };
}
