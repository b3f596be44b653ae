import type { AudioFacts } from '../facts/audio.ts';
import type { Judgement } from './check.ts';
import { factsCheck } from './facts-check.ts';
import type { Thresholds } from './thresholds.ts';

/** `domain.md`, check 18: the organizer's PC plays the listening task. */
export const audioOut = factsCheck({
  id: 'audio.out',
  subject: 'audio',
  family: 'audio',
  roles: ['organizer'],
  expectedBy: [],
  mainMetric: 'audio.outputs.count',
  maxAgeMs: 120_000,
  judge: (facts) => {
    const evidence = { value: facts.outputs, muted: facts.isOutputMuted === true };
    if (facts.outputs === 0) return { verdict: 'fail', reason: 'noOutput', evidence };
    if (facts.isOutputMuted === true) return { verdict: 'fail', reason: 'muted', evidence };
    return { verdict: 'ok', reason: 'ok', evidence };
  },
});

/** `domain.md`, check 18: a headset plays and records. */
export const audioHeadset = factsCheck({
  id: 'audio.headset',
  subject: 'audio',
  family: 'audio',
  roles: ['speaking'],
  expectedBy: ['speaking'],
  mainMetric: 'audio.inputs.count',
  maxAgeMs: 120_000,
  judge: (facts, limits): Judgement => judgeHeadset(facts, limits),
});

function judgeHeadset(facts: AudioFacts, limits: Thresholds): Judgement {
  const { level } = facts;
  const evidence = {
    value: facts.inputs,
    outputs: facts.outputs,
    muted: facts.isInputMuted === true || facts.isOutputMuted === true,
    ...(level ? { decibels: level.decibels, levelAgeMs: Math.round(level.ageMs) } : {}),
  };
  if (facts.inputs === 0) return { verdict: 'fail', reason: 'noInput', evidence };
  if (facts.outputs === 0) return { verdict: 'fail', reason: 'noOutput', evidence };
  if (evidence.muted) return { verdict: 'fail', reason: 'muted', evidence };
  if (level && level.decibels < limits.soundMinDecibels) {
    return { verdict: 'warn', reason: 'tooQuiet', evidence };
  }
  return { verdict: 'ok', reason: 'ok', evidence };
}
