import type { Heartbeat } from '../messages/agent.ts';
import { carryLimits } from './carry-limits.ts';
import type { PartHead } from './part-head.ts';

/**
 * When a carried heartbeat was produced, on the importer's clock. What the agent knew of the
 * collector's clock wins. Else its wall clock is believed as far as it can be: the export happened
 * before this import and not longer ago than `oldestExportMs`, or the PC's clock is wrong by the
 * difference, and the whole part is moved by it, which keeps the order and the distances.
 */
export function producedAt(head: PartHead, heartbeat: Heartbeat, importedAtMs: number): number {
  if (heartbeat.producedAtMs !== undefined) return Math.min(importedAtMs, heartbeat.producedAtMs);
  return Math.min(importedAtMs, Math.max(0, heartbeat.wallMs + wallShiftMs(head, importedAtMs)));
}

/** What is to be added to the exporter's wall clock; zero when it is plausible. */
export function wallShiftMs(head: PartHead, importedAtMs: number): number {
  const ageMs = importedAtMs - head.exportedAtMs;
  return ageMs < 0 || ageMs > carryLimits.oldestExportMs ? ageMs : 0;
}
