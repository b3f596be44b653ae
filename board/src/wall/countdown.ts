/** `17:40`, `1:02:40`, `2 days` are told by the caller: only the clock of hours, minutes, seconds. */
export function countdown(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
