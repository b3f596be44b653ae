/** How the fleet is heard now, of workstations that are connected from elsewhere. */
export interface Hearing {
  /** Heard within two periods. */
  readonly heard: number;
  /** Connected, and not heard for longer. */
  readonly missed: number;
  /** ППЭ of those that are missed. */
  readonly missedSites: number;
}

/** What the collector's own look at the network says. */
export type OwnLine = 'works' | 'fails' | 'unknown';

/** Fewer silent workstations than this are their own affair. */
const MANY = 5;
/** So large a share at once is suspicious. */
const SHARE = 0.3;
/** Without a host to ask: all of so many ППЭ at once are no accident of theirs. */
const ALL_SITES = 3;

/** True when so many are missed that the collector must look at itself first. Pure. */
export function isSuspicious({ heard, missed }: Hearing): boolean {
  return missed >= MANY && missed / (missed + heard) >= SHARE;
}

/** «Is it me?»: true when it is the collector that is cut off and not the workstations. Pure. */
export function isItMe(hearing: Hearing, line: OwnLine): boolean {
  if (!isSuspicious(hearing) || line === 'works') return false;
  return line === 'fails' || (hearing.heard === 0 && hearing.missedSites >= ALL_SITES);
}
