import { loadKoffi, type Koffi } from '../platform/load-koffi.ts';

/** A function of a Windows library; its C prototype says what it takes and gives. */
export type NativeFunction = (...given: unknown[]) => unknown;

type KoffiFunction = ReturnType<ReturnType<Koffi['load']>['func']>;

/** How a function of ours is called from native code, in koffi's words. */
export interface CallbackShape {
  readonly result: string;
  readonly parameters: readonly string[];
}

/**
 * Native libraries and their functions. Calls block: those that may last belong to the probe child, or
 * into `lasting`. koffi is loaded with the first library, each function is bound once.
 */
export class NativeLibraries {
  readonly #bound = new Map<string, NativeFunction>();
  #koffi: Koffi | undefined;
  #lastError: NativeFunction | undefined;

  /** Functions of one library by their C prototypes. Throws where there is no such library. */
  async bind<N extends string>(
    library: string,
    prototypes: Readonly<Record<N, string>>,
  ): Promise<Record<N, NativeFunction>> {
    const koffi = await this.#load();
    const functions: Partial<Record<N, NativeFunction>> = {};
    for (const [name, prototype] of Object.entries(prototypes) as [N, string][]) {
      const key = `${library} ${prototype}`;
      const known = this.#bound.get(key) ?? koffi.load(library).func(prototype);
      this.#bound.set(key, known);
      functions[name] = known;
    }
    // Every name of the prototypes has got its function.
    return functions as Record<N, NativeFunction>;
  }

  /**
   * Code of the last call's failure, `errno` outside Windows; koffi keeps it safe from what Node does
   * in between.
   */
  lastError(): number {
    return Number((this.#lastError ?? this.#koffi?.errno)?.() ?? 0);
  }

  /** Makes a call that lasts in a thread of its own; the process stays while it does. */
  async lasting(call: NativeFunction, ...given: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Everything that `bind` hands out is koffi's function.
      (call as KoffiFunction).async(...given, (error: unknown, result: unknown) =>
        error instanceof Error ? reject(error) : resolve(result),
      );
    });
  }

  /**
   * A pointer to a function of ours for native code; a call from another thread waits for the event
   * loop. It is never given back.
   */
  async callback(shape: CallbackShape, ours: (...given: unknown[]) => unknown): Promise<bigint> {
    const koffi = await this.#load();
    const type = koffi.proto('__stdcall', null, shape.result, [...shape.parameters]);
    return koffi.register(ours, koffi.pointer(type));
  }

  /** The text that a pointer in a structure leads to. */
  async text(structure: Buffer, offset: number): Promise<string> {
    const koffi = await this.#load();
    return String(koffi.decode(structure, offset, 'str16') ?? '');
  }

  /** Where bytes lie, for a structure that points to them; they must be held until the call is over. */
  async address(bytes: Buffer): Promise<bigint> {
    return (await this.#load()).address(bytes);
  }

  /** The same without waiting, for what may be called in the middle of something. */
  async addresses(): Promise<(bytes: Buffer) => bigint> {
    const koffi = await this.#load();
    return (bytes) => koffi.address(bytes);
  }

  /** A copy of `length` bytes at a pointer. */
  async bytes(pointer: unknown, length: number): Promise<Buffer> {
    const koffi = await this.#load();
    return Buffer.from(new Uint8Array(koffi.view(pointer, length)));
  }

  async #load(): Promise<Koffi> {
    const koffi = (this.#koffi ??= await loadKoffi());
    if (process.platform === 'win32')
      this.#lastError ??= koffi.load('kernel32.dll').func('uint32 __stdcall GetLastError()');
    return koffi;
  }
}

/** Text of a fixed-width field: UTF-16 up to the first zero. */
export function wideText(bytes: Buffer): string {
  const text = bytes.toString('utf16le');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** A BOOL of Windows: any number but zero. */
export function isTrue(result: unknown): boolean {
  return Number(result) !== 0;
}
