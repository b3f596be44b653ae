/**
 * Structures of the service manager for 64-bit processes. A structure that points to others holds them:
 * they live as long as it does.
 */
export interface Structure {
  readonly structure: Buffer;
  readonly held: readonly Buffer[];
}

type AddressOf = (bytes: Buffer) => bigint;

/** SC_ACTION_RESTART. */
const RESTART = 1;
/** After a crash, and after a second one; whatever goes on crashing is tried once a minute. */
const RESTART_AFTER_MS = [2_000, 2_000, 60_000] as const;
/** A service that ran so long without a failure begins to count anew. */
const FORGET_AFTER_SECONDS = 600;
/** SERVICE_FAILURE_ACTIONS: seconds, two texts, a count, a pointer. */
const FAILURE = { bytes: 40, count: 24, actions: 32 } as const;
const ACTION_BYTES = 8;

/** A structure of one pointer to a text. */
export function pointerTo(text: string, addressOf: AddressOf): Structure {
  const words = Buffer.from(`${text}\0`, 'utf16le');
  const structure = Buffer.alloc(8);
  structure.writeBigUInt64LE(addressOf(words));
  return { structure, held: [words] };
}

/** What is done after a failure. */
export function actionsOfFailure(addressOf: AddressOf): Structure {
  const actions = Buffer.alloc(RESTART_AFTER_MS.length * ACTION_BYTES);
  RESTART_AFTER_MS.forEach((afterMs, at) => {
    actions.writeUInt32LE(RESTART, at * ACTION_BYTES);
    actions.writeUInt32LE(afterMs, at * ACTION_BYTES + 4);
  });
  const structure = Buffer.alloc(FAILURE.bytes);
  structure.writeUInt32LE(FORGET_AFTER_SECONDS);
  structure.writeUInt32LE(RESTART_AFTER_MS.length, FAILURE.count);
  structure.writeBigUInt64LE(addressOf(actions), FAILURE.actions);
  return { structure, held: [actions] };
}

/** A structure of one BOOL. */
export function boolean(value: boolean): Buffer {
  const structure = Buffer.alloc(4);
  structure.writeUInt32LE(value ? 1 : 0);
  return structure;
}
