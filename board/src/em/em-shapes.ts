import type { EmResults, EmSiteState, EmState } from '@ppe-pulse/protocol';

/** An entry of `GET /api/v1/em-downloads`. Times are RFC 3339. */
export interface EmJobAnswer {
  readonly id: string;
  readonly state: EmState;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly bytes: number;
  readonly spreadMinutes: number;
  readonly maxBytesPerSecond: number;
}

export interface EmListAnswer {
  readonly items: readonly EmJobAnswer[];
}

/** `GET /api/v1/em-downloads/{id}`. */
export interface EmStandingAnswer extends EmJobAnswer {
  readonly sitesDone: number;
  readonly sitesTotal: number;
  readonly bytesPerSecond: number;
  readonly results: EmResults;
  readonly sites: readonly EmSiteAnswer[];
}

export interface EmSiteAnswer {
  readonly siteCode: string;
  readonly municipality: string;
  readonly state: EmSiteState;
  readonly reason: string;
  readonly receivedBytes: number;
  readonly tookMs: number;
  readonly retries: number;
}

/** `GET /api/v1/em-downloads/{id}/what-if`. */
export interface WhatIfAnswer {
  readonly sites: number;
  readonly unknown: readonly string[];
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly lastSeconds: number | null;
  readonly lastSite: string | null;
  readonly saturatedSeconds: number;
}

/** True while there is something to wait for. */
export function isOpen({ state }: Pick<EmJobAnswer, 'state'>): boolean {
  return state === 'preparing' || state === 'running';
}
