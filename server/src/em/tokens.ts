import { createHash, createHmac } from 'node:crypto';
import type { CollectorKey } from '../access/keys.ts';

/** Tokens of one download: made from the collector's key, so that none is stored and all outlive it. */
export class EmTokens {
  readonly #secret: Buffer;
  readonly #siteOf: ReadonlyMap<string, string>;

  constructor(key: Pick<CollectorKey, 'sign'>, downloadId: string, sites: readonly string[]) {
    const signature = key.sign(`ppe-pulse em-download tokens ${downloadId}`);
    this.#secret = createHash('sha256').update(signature).digest();
    this.#siteOf = new Map(sites.map((siteCode) => [hashOf(this.of(siteCode)), siteCode]));
  }

  /** 43 characters of base64url. */
  of(siteCode: string): string {
    return createHmac('sha256', this.#secret).update(siteCode).digest('base64url');
  }

  /** The site of an `Authorization` header; undefined for any other. */
  siteOf(authorization: string | undefined): string | undefined {
    const token = /^Em ([A-Za-z0-9_-]{43})$/.exec(authorization ?? '')?.[1];
    // Looked up by its hash: how long a lookup takes says nothing of the token.
    return token === undefined ? undefined : this.#siteOf.get(hashOf(token));
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
