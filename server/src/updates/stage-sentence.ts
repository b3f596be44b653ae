import type { StageRefusal } from './stage-order.ts';

const sentences: Readonly<Record<StageRefusal, string>> = {
  otherRuns: 'a stage of another version is open: stop it first',
  stagePaused: 'the stage before paused by itself: look at its trouble, let it go on or stop it',
  siteFirst: 'nobody confirmed this version yet: begin with one ППЭ',
  municipalityFirst: 'only single ППЭ confirmed this version: a municipality comes before all',
  sameStage: 'this stage is open already',
  nobodyThere: 'no workstation is enrolled there',
};

/** What is wrong with beginning a stage now, and what to do. */
export function stageSentence(refusal: StageRefusal): string {
  return sentences[refusal];
}
