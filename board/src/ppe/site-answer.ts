import type { CheckVerdict } from '@ppe-pulse/protocol';
import type { WorkstationAnswer } from '../api/shapes.ts';
import type { RoomStation } from '../rooms/standing.ts';

/** `GET /api/v1/sites/{code}`, as far as the page shows it beside what is live. */
export interface SiteAnswer {
  /** Of the Штаб, not of a person. */
  readonly dutyPhone: string | null;
  readonly provider: string | null;
  readonly items: readonly SiteWorkstation[];
}

export interface SiteWorkstation extends WorkstationAnswer {
  readonly clones: readonly string[];
  readonly relayId: string | null;
}

/** The collector's answer in the shape that a relay tells its Штаб, so that both have one table. Pure. */
export function stationOf(answer: SiteWorkstation, nowMs: number): RoomStation {
  const { id, siteCode, roomCode, role, duty, simulated, verdict, reason, carried } = answer;
  const ageOf = (at: string | null): number =>
    at === null ? 0 : Math.max(0, nowMs - Date.parse(at));
  return {
    id,
    placement: { siteCode, roomCode, role, duty, simulated },
    verdict,
    reason,
    lastSeenMs: answer.lastSeenAt === null ? null : Date.parse(answer.lastSeenAt),
    checks: answer.checks.map((check): CheckVerdict => ({
      id: check.id,
      verdict: check.verdict,
      reason: check.reason,
      evidence: check.evidence,
      ageMs: ageOf(check.measuredAt),
    })),
    carried: carried
      ? {
          importedAtMs: Date.parse(carried.importedAt),
          newestAtMs: Date.parse(carried.newestAt),
        }
      : null,
    clones: answer.clones.length,
  };
}
