import { roles } from '../placement.ts';
import { judgeLower, judgeUpper, type CheckDefinition } from './check.ts';

/** Round trip to the collector over the agent's own socket. */
export const netRtt: CheckDefinition = {
  id: 'net.rtt',
  roles,
  family: 'net',
  metrics: ['net.rtt.ms'],
  maxAgeMs: 60_000,
  judge: ([rttMs = 0], limits) =>
    judgeUpper(rttMs, {
      warn: limits.rttOkMs,
      fail: limits.rttWarnMs,
      warnReason: 'slowReply',
      failReason: 'slowReply',
    }),
};

/** Share of lost packets on the way to the collector. */
export const netLoss: CheckDefinition = {
  id: 'net.loss',
  roles,
  family: 'net',
  metrics: ['net.loss.ratio'],
  maxAgeMs: 120_000,
  judge: ([ratio = 0], limits) =>
    judgeUpper(ratio, {
      warn: limits.lossOkRatio,
      fail: limits.lossWarnRatio,
      warnReason: 'lossy',
      failReason: 'lossy',
    }),
};

/** Download speed from the collector, measured in a leased slot, against the contract. */
export const netDown: CheckDefinition = {
  id: 'net.down',
  roles: ['hq', 'rcoi'],
  family: 'net',
  metrics: ['net.down.bytesPerSecond'],
  // Slots come every 10 minutes a ППЭ and pause for up to 75 minutes around the key (09:15–10:30).
  maxAgeMs: 100 * 60_000,
  judge: ([bytesPerSecond = 0], limits) =>
    judgeLower(bytesPerSecond, {
      warn: limits.downContractBytesPerSecond,
      fail: limits.downFailBytesPerSecond,
      warnReason: 'belowContract',
      failReason: 'tooSlow',
    }),
};
