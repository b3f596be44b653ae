/** False for moves that a browser makes up when the page moves under a cursor that lies still. */
export function isRealTouch(event: Event): boolean {
  if (event.type !== 'pointermove') return true;
  const { movementX, movementY } = event as PointerEvent;
  return movementX !== 0 || movementY !== 0;
}
