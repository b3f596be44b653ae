/** How this display is read: diagonal, distance, density, kiosk, rotation. */
export function DisplayPage() {
  return null;
}
