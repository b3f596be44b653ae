/** Capability of agents that take updates, and of relays that hand them on. */
export const UPDATE_CAPABILITY = 'update';
/** Answer to an `updateRead` of a version that is not offered, or of bytes that it does not have. */
export const NO_SUCH_UPDATE = 'noSuchUpdate';
/** What an update is of; a collector's bundle is another product. */
export const UPDATE_PRODUCT = 'ppe-pulse-agent';
export const UPDATE_FORMAT = 'ppe-pulse.update.v1';
/** End of a bundle's file name: `ppe-pulse-agent-0.2.0.update`. */
export const UPDATE_SUFFIX = '.update';

/** How an update stands at one workstation. */
export const updateStates = [
  /** Its bytes come in. */
  'fetching',
  /** It lies beside the version that runs, checked; the next start tries it. */
  'staged',
  /** It runs and has not shown yet that it can do what the old one did. */
  'trial',
  /** It is the version of this workstation. */
  'confirmed',
  /** It was tried in vain: the old version is back, and this one is not taken again. */
  'rolledBack',
  /** It was not taken; the reason is one of `updateRefusals`. */
  'refused',
] as const;
export type UpdateState = (typeof updateStates)[number];

/** Why an update is not taken. The first that applies, in this order. */
export const updateRefusals = [
  /** No manifest, or one that says other things than its format. */
  'badManifest',
  'otherProduct',
  /** A signature of a key that this agent does not believe, or under another set of keys. */
  'unknownKey',
  'sameKeyTwice',
  /** A signature does not fit the manifest, or the bytes do not fit what the manifest says. */
  'tampered',
  'tooFewSignatures',
  /** Its last day is over. */
  'expired',
  /** Not newer than what this workstation has. */
  'downgrade',
  /** It was tried here and taken back. */
  'knownBad',
  'runtimeTooOld',
  /** A rehearsal is on, or near, by the plan that the agent holds. */
  'frozen',
  'noSpace',
] as const;
export type UpdateRefusal = (typeof updateRefusals)[number];

/** Why a version was taken back. */
export const rollbackReasons = [
  /** It never came so far as to tell. */
  'crashed',
  /** It ran, and was not welcomed in time. */
  'notConnected',
  /** It ran, and its self-test did not pass. */
  'selfTestFailed',
  /** Its file is not what was signed. */
  'tampered',
] as const;
export type RollbackReason = (typeof rollbackReasons)[number];
