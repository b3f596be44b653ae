/** How the service ended; all but a stop that was asked for is started again by the keeper. */
export type ServiceEnd =
  | { readonly kind: 'clean' }
  /** It wants to be started again: a new version waits. */
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly reason: string };

/** Who started this process and watches over it: systemd, the service manager of Windows, or nobody. */
export interface Keeper {
  /** A process that is silent for longer is ended and started again; undefined where nobody watches. */
  readonly watchdogMs: number | undefined;
  /** Resolves when it asks for a stop. */
  readonly stopAsked: Promise<void>;
  /** The agent is up. */
  ready(): void;
  /** The event loop turns and the heart beats. */
  alive(): void;
  /** A few words on how it goes, for whoever asks the service manager. */
  say(words: string): void;
  stopping(): void;
  /** The last word. */
  ended(how: ServiceEnd): void;
}

/** Of a process that a person started. */
export const noKeeper: Keeper = {
  watchdogMs: undefined,
  stopAsked: new Promise(() => undefined),
  ready: () => undefined,
  alive: () => undefined,
  say: () => undefined,
  stopping: () => undefined,
  ended: () => undefined,
};
