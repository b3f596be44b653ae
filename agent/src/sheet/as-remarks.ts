import type { CheckVerdict } from '@ppe-pulse/protocol';

/**
 * What the person at the PC is told, where it is not what the wall shows. A load of this minute is
 * no fault of the PC: the installation itself, an antivirus that looks at it, an update of the system; the
 * collector waits five minutes before it speaks of one. A device that nobody named does not come by
 * waiting. Both are remarks: neither «not ready» nor «not all was measured».
 */
export function asRemarks(verdicts: readonly CheckVerdict[]): CheckVerdict[] {
  return verdicts.map((each) => (isRemark(each) ? { ...each, verdict: 'warn' } : each));
}

function isRemark({ id, verdict, reason }: CheckVerdict): boolean {
  if (id === 'pc.cpu') return verdict === 'fail';
  return verdict === 'unknown' && reason === 'notConfigured';
}
