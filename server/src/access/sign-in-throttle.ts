import { networkOf } from '../unproven.ts';

/** Tries that cost nothing: people mistype. */
export const FREE_TRIES = 5;
/** A whole house may come from one address. */
const FREE_TRIES_OF_ADDRESS = 20;
const FIRST_DELAY_MS = 1_000;
/** An account is not locked for longer: anybody could lock its post out otherwise. */
const ACCOUNT_DELAY_MAX_MS = 60_000;
const ADDRESS_DELAY_MAX_MS = 15 * 60_000;
/** Who was quiet for so long begins anew. */
const FORGET_MS = 30 * 60_000;
/** Accounts and addresses that are remembered; the one that was quiet the longest goes first. */
const MAX_KNOWN = 10_000;

interface Tries {
  readonly count: number;
  readonly lastAtMs: number;
  /** Of the try before the last, for one that is given back. */
  readonly beforeAtMs: number;
}

/** May somebody try now? Burst: it is the first try of this account or address that costs time. */
export type Turn =
  | { readonly kind: 'go'; readonly isBurst: boolean }
  | { readonly kind: 'wait'; readonly waitMs: number };

/**
 * Slows guessing down, by account and by address (an IPv6 /64 is one): each try beyond a few doubles
 * the time to the next.
 * A try counts when it begins, so that a hundred at once are a hundred. Pure: `nowMs` is passed in.
 */
export class SignInThrottle {
  readonly #known = new Map<string, Tries>();

  get size(): number {
    return this.#known.size;
  }

  begin(account: string, address: string, nowMs: number): Turn {
    const keys = keysOf(account, address);
    const waitMs = Math.max(...keys.map((key) => this.#waitOf(key, nowMs)));
    if (waitMs > 0) return { kind: 'wait', waitMs };
    let isBurst = false;
    for (const key of keys) {
      const count = this.#countOf(key, nowMs) + 1;
      isBurst ||= count === freeOf(key);
      const beforeAtMs = this.#known.get(key)?.lastAtMs ?? nowMs;
      this.#put(key, { count, lastAtMs: nowMs, beforeAtMs });
    }
    return { kind: 'go', isBurst };
  }

  /** All that was asked for was right: the account is free again, the address is one try back. */
  succeeded(account: string, address: string): void {
    const [ofAccount, ofAddress] = keysOf(account, address);
    this.#known.delete(ofAccount);
    this.#takeBack(ofAddress);
  }

  /** The try that just began was no guess: it is as if it had not been. */
  giveBack(account: string, address: string): void {
    for (const key of keysOf(account, address)) this.#takeBack(key);
  }

  #takeBack(key: string): void {
    const tries = this.#known.get(key);
    if (!tries) return;
    const { count, beforeAtMs } = tries;
    this.#put(key, { count: Math.max(0, count - 1), lastAtMs: beforeAtMs, beforeAtMs });
  }

  #countOf(key: string, nowMs: number): number {
    const tries = this.#known.get(key);
    return tries && nowMs - tries.lastAtMs < FORGET_MS ? tries.count : 0;
  }

  #waitOf(key: string, nowMs: number): number {
    const over = this.#countOf(key, nowMs) - freeOf(key);
    if (over < 0) return 0;
    const most = isOfAddress(key) ? ADDRESS_DELAY_MAX_MS : ACCOUNT_DELAY_MAX_MS;
    const delayMs = Math.min(most, FIRST_DELAY_MS * 2 ** over);
    return Math.max(0, (this.#known.get(key)?.lastAtMs ?? 0) + delayMs - nowMs);
  }

  #put(key: string, tries: Tries): void {
    this.#known.delete(key);
    this.#known.set(key, tries);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

function keysOf(account: string, address: string): [string, string] {
  return [`account ${account}`, `address ${networkOf(address)}`];
}

function isOfAddress(key: string): boolean {
  return key.startsWith('address ');
}

function freeOf(key: string): number {
  return isOfAddress(key) ? FREE_TRIES_OF_ADDRESS : FREE_TRIES;
}
