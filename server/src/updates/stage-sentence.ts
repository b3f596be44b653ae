import type { StageRefusal } from './stage-order.ts';

const sentences: Readonly<Record<StageRefusal, string>> = {
  otherRuns: 'a stage of another version is open: stop it first',
  stagePaused: 'the stage before paused by itself: look at its trouble, let it go on or stop it',
  siteFirst:
    'first more than half of one ППЭ must have confirmed this version: begin with it, or wait',
  municipalityFirst:
    'first more than half of a municipality must have confirmed this version: begin with it, or wait',
  sameStage: 'this stage is open already',
  nobodyThere: 'no workstation is enrolled there',
};

/** What is wrong with beginning a stage now, and what to do. */
export function stageSentence(refusal: StageRefusal): string {
  return sentences[refusal];
}
