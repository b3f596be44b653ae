import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id (RFC 9106) with the first choice of OWASP's Password Storage Cheat Sheet: 19 MiB, two
 * passes, one lane. On a collector's two cores one takes about 0.1 s, in libuv's pool and never on
 * the event loop.
 */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** NIST SP 800-63B asks for 8 at least; the board is seen from the Internet. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;
/** Hashes at the same time, each with 19 MiB; who comes beyond is told to come again. */
const MAX_AT_ONCE = 8;

export type PasswordProblem = 'tooShort' | 'tooLong' | 'isAccount';

/** What is wrong with a password that somebody wants to have; undefined for nothing. Pure. */
export function passwordProblem(password: string, account: string): PasswordProblem | undefined {
  const characters = Array.from(password).length;
  if (characters < PASSWORD_MIN) return 'tooShort';
  if (characters > PASSWORD_MAX) return 'tooLong';
  return password.toLowerCase() === account ? 'isAccount' : undefined;
}

/** Hashes passwords and compares them, a few at a time. `busy`: too many others are at it. */
export interface Passwords {
  hash(password: string): Promise<{ readonly hash: string } | 'busy'>;
  /**
   * `known` null, of an account that has no password or is not there, takes as long as a wrong
   * password does.
   */
  matches(password: string, known: string | null): Promise<boolean | 'busy'>;
}

export function createPasswords(): Passwords {
  let running = 0;
  let nobodys: Promise<string> | undefined;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T | 'busy'> => {
    if (running >= MAX_AT_ONCE) return 'busy';
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
  return {
    hash: async (password) =>
      inTurn(async () => ({ hash: await hash(normal(password), ARGON2ID) })),
    matches: async (password, known) =>
      inTurn(async () => {
        if (known !== null) return verify(known, normal(password));
        nobodys ??= hash('nobody has this password', ARGON2ID);
        await verify(await nobodys, normal(password));
        return false;
      }),
  };
}

/** Keyboards write the same letter in two ways (NIST SP 800-63B, 5.1.1.2). */
function normal(password: string): string {
  return password.normalize('NFKC');
}
