/** Binds a secret to this PC, so that its file is of no use on another. */
export interface KeyGuard {
  bind(plain: Buffer): Promise<Buffer>;
  /** Rejects what was bound on another PC, and what is damaged. */
  open(bound: Buffer): Promise<Buffer>;
}
