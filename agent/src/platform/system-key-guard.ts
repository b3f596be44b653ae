import type { KeyGuard } from './key-guard.ts';

/** Windows has DPAPI; elsewhere a file's mode is all that there is. Loaded when a key is read. */
export function systemKeyGuard(): KeyGuard | undefined {
  if (process.platform !== 'win32') return undefined;
  const native = async (): Promise<KeyGuard> => {
    const [{ NativeLibraries }, { dataProtection }] = await Promise.all([
      import('../child/native-libraries.ts'),
      import('../child/data-protection-native.ts'),
    ]);
    return dataProtection(new NativeLibraries());
  };
  return {
    bind: async (plain) => (await native()).bind(plain),
    open: async (bound) => (await native()).open(bound),
  };
}
