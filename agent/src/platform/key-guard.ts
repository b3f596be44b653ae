/** Binds a secret to this PC, so that its file is of no use on another. */
export interface KeyGuard {
  bind(plain: Buffer): Promise<Buffer>;
  /** Rejects what was bound on another PC, and what is damaged. */
  open(bound: Buffer): Promise<Buffer>;
}

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
