/** A question to a person at the PC, and the trimmed answer. */
export type Ask = (question: string) => Promise<string | undefined>;

/** What a command sees of the process beside its arguments. */
export interface CliWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the process is asked to stop (SIGINT, SIGTERM). */
  stopAsked(): Promise<void>;
  /** Asks a person; undefined where nobody answers. Missing where nobody can. */
  readonly ask?: Ask;
  out(line: string): void;
  err(line: string): void;
}

/** A wrong flag or verb: one line on stderr, exit code 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
