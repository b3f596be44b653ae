/** Exit codes of both commands, from sysexits.h where it has one. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  /** Wrong flags or verbs. */
  usage: 64,
  /** The data folder is another's, perhaps for a moment. */
  busy: 75,
  /** A wrong file, folder, port or key. */
  config: 78,
} as const;
