/** Exit codes, from sysexits.h where it has one. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  /** Wrong flags or verbs. */
  usage: 64,
  /** Not yet: a request is on the flash drive, and its answer must be brought. */
  later: 75,
  /** A wrong file, folder or key. */
  config: 78,
} as const;

/** Exit codes of `check`: for scripts and for the installer. */
export const checkExitCodes = { ok: 0, warn: 1, fail: 2, unknown: 3 } as const;
