import type { EmSiteState, EmState } from '../em/download.ts';

/** Why a site stands where it does in a rehearsal of the download: the collector's word or its agent's. */
export const emReasons = [
  'notReached',
  'ordered',
  'waiting',
  'running',
  'ok',
  'closedHours',
  'lineBusy',
  'quiet',
  'off',
  'notHq',
  'tooBig',
  'noMirror',
  'replaced',
  'stopped',
  'expired',
  'badPackage',
  'badProgress',
  'badAnswer',
  'unauthorised',
  'notFound',
  'certificateExpired',
  'certificateInvalid',
] as const;
export type EmReason = (typeof emReasons)[number];

/** Words of the rehearsal of the download. */
export interface EmTexts {
  readonly reasons: Readonly<Record<EmReason, string>>;
  readonly siteStates: Readonly<Record<EmSiteState, string>>;
  readonly states: Readonly<Record<EmState, string>>;
}
