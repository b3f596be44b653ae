/** The whole board as it was at a moment of the past. */
export function ReplayPage() {
  return null;
}
