/** What a screen may show, each by its address on the board. */
export const wallViews = {
  wall: '/',
  hall: '/?density=hall',
  problems: '/?view=problems',
  incidents: '/incidents',
  rehearsal: '/rehearsal',
  rotation: '/?rotate=wall,incidents,rehearsal&every=30',
} as const;
export type ViewId = keyof typeof wallViews;
export const viewIds = Object.keys(wallViews) as ViewId[];

/** The view of an address; undefined for one that was made elsewhere. Pure. */
export function viewIdOf(address: string | undefined): ViewId | undefined {
  return viewIds.find((id) => wallViews[id] === (address ?? '/'));
}
