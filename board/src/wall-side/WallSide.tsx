/** The wall's right column: problems, map, trend, cameras. */
export function WallSide() {
  return null;
}
