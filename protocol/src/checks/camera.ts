import type { CameraFacts } from '../facts/camera.ts';
import type { Evidence } from '../messages/shared.ts';
import type { Judgement } from './check.ts';
import { factsCheck, noPlanYet } from './facts-check.ts';
import type { Reason } from './reasons.ts';
import type { Role } from '../placement.ts';
import type { Thresholds } from './thresholds.ts';

/** Who may look at cameras: of its own room any PC that works there, of others `video` and `rcoi`. */
export const cameraRoles: readonly Role[] = [
  'hq',
  'organizer',
  'kege',
  'speaking',
  'video',
  'rcoi',
];

/** `domain.md`, check 19, of one camera. */
export const cameraStream = factsCheck({
  id: 'camera.stream',
  subject: 'camera',
  family: 'camera',
  roles: cameraRoles,
  expectedBy: ['video'],
  mainMetric: 'camera.fps',
  maxAgeMs: 180_000,
  judge: judgeStream,
});

/** Video outage in minutes: 5 amber, 15 red; at 20 the room's results may be annulled. */
export const cameraOutage = factsCheck({
  id: 'camera.outage',
  subject: 'camera',
  family: 'camera',
  roles: cameraRoles,
  expectedBy: [],
  mainMetric: 'camera.outage.seconds',
  maxAgeMs: 180_000,
  judge: ({ outageMs }, limits) => {
    const evidence = { value: Math.round(outageMs / 1_000), criticalMs: limits.outageCriticalMs };
    if (outageMs >= limits.outageCriticalMs)
      return { verdict: 'fail', reason: 'outageCritical', evidence };
    if (outageMs >= limits.outageFailMs) return { verdict: 'fail', reason: 'outage', evidence };
    if (outageMs >= limits.outageWarnMs) return { verdict: 'warn', reason: 'outage', evidence };
    return { verdict: 'ok', reason: 'ok', evidence };
  },
});

/** A person confirms the overlay; the plan names who and when. */
export const cameraOverlay = factsCheck({
  id: 'camera.overlay',
  subject: 'camera',
  family: 'camera',
  roles: cameraRoles,
  expectedBy: [],
  mainMetric: 'camera.fps',
  maxAgeMs: 180_000,
  judge: noPlanYet,
});

/** A camera that is set to 15 sends 14.985, and a count over five seconds is off by a frame. */
const REACHED_SHARE = 0.97;

function judgeStream(facts: CameraFacts, limits: Thresholds): Judgement {
  const evidence = evidenceOf(facts);
  const fail = (reason: Reason): Judgement => ({ verdict: 'fail', reason, evidence });
  const warn = (reason: Reason): Judgement => ({ verdict: 'warn', reason, evidence });
  const absent = facts.isOtherStreaming ? warn : fail;
  if (facts.state === 'none') return absent(facts.failure ?? 'noStream');
  if (facts.state === 'stalled') return absent('stalled');
  if (facts.picture === 'frozen' || facts.picture === 'black') return fail(facts.picture);
  // A quiet empty room has small frames too: a suspicion asks for a look and accuses nobody.
  if (facts.picture === 'frozenSuspected') return warn('frozen');
  if (facts.picture === 'blackSuspected') return warn('black');
  if (facts.fps !== undefined && facts.fps < limits.cameraMinFps * REACHED_SHARE)
    return warn('lowFps');
  if (facts.lossRatio > limits.lossWarnRatio) return warn('lossy');
  // What a camera is like comes last: it must not hide what has just happened to it.
  if (isSmall(facts, limits)) return warn('lowResolution');
  if (facts.hasAudio === false && limits.cameraNeedsAudio > 0) return warn('noSound');
  return { verdict: 'ok', reason: 'ok', evidence };
}

function isSmall({ width, height }: CameraFacts, limits: Thresholds): boolean {
  if (width === undefined || height === undefined) return false;
  return width < limits.cameraMinWidth || height < limits.cameraMinHeight;
}

function evidenceOf(facts: CameraFacts): Evidence {
  return {
    ...(facts.fps === undefined ? {} : { value: Math.round(facts.fps * 10) / 10 }),
    transport: facts.transport,
    ...(facts.codec === undefined ? {} : { codec: facts.codec }),
    ...(facts.lastFrameAgeMs === undefined
      ? {}
      : { lastFrameMs: Math.round(facts.lastFrameAgeMs) }),
    ...(facts.state === 'streaming' ? { picture: facts.picture } : {}),
    ...(facts.hasAudio === undefined ? {} : { audio: facts.hasAudio }),
    ...(facts.isOtherStreaming ? { otherStreams: true } : {}),
    ...(facts.width === undefined || facts.height === undefined
      ? {}
      : { resolution: `${facts.width}x${facts.height}` }),
    ...(facts.lossRatio > 0 ? { lossRatio: Math.round(facts.lossRatio * 1e4) / 1e4 } : {}),
  };
}
