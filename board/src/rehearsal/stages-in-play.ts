import type { LiveStage } from '@ppe-pulse/protocol';

/** False for a stage that is not due: nothing good has happened yet, and nothing bad. */
export function isTold({ verdict, reachedAtMs }: LiveStage): boolean {
  return verdict !== 'ok' || reachedAtMs !== null;
}
