import type { Incident } from '@ppe-pulse/protocol';
import type { Role, Session } from './session.ts';

/** What a person does through the board. */
export type Deed =
  | 'act'
  | 'claim'
  | 'silence'
  | 'handOver'
  | 'drill'
  | 'setUp'
  | 'decideEnrolment'
  | 'followUpdates'
  | 'people';

const deeds: Readonly<Record<Role, readonly Deed[] | 'all'>> = {
  admin: 'all',
  operator: ['act', 'claim', 'silence', 'handOver', 'drill', 'decideEnrolment', 'followUpdates'],
  municipal: ['act', 'claim'],
  ppe: ['claim'],
  wall: [],
};

/** True for whom parts of pages that are of the whole region answer: forecasts of it, its registry. */
export function seesRegion(role: Role | undefined): boolean {
  return role !== 'municipal' && role !== 'ppe';
}

/**
 * What the board offers to whom. Only manners: the collector refuses by its own matrix, and a test holds
 * this against it. Before it is known who looks, everything is offered: a press that is not allowed is
 * refused in words, a button that is missing is not understood.
 */
export function mayOf(role: Role | undefined, deed: Deed): boolean {
  const may = role === undefined ? 'all' : deeds[role];
  return may === 'all' || may.includes(deed);
}

/**
 * True for an incident that is of the places of this person alone. A wider one is shown, and is the
 * situation centre's to take.
 */
export function isOwn(
  session: Session | undefined,
  { siteCode, municipality }: Pick<Incident, 'siteCode' | 'municipality'>,
): boolean {
  if (seesRegion(session?.role)) return true;
  // Of single sites the collector shows none but theirs.
  if (siteCode !== null) return true;
  return session?.role === 'municipal' && session.municipality === municipality;
}
