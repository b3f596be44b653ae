import type { UpdateRefusal as WireRefusal } from '@ppe-pulse/protocol/update';
import type { StageRefusal } from './stage-order.ts';

/** Why the collector does not do what a person asks. */
export type RolloutRefusal =
  | StageRefusal
  | WireRefusal
  | 'noUpdateRoot'
  | 'notABundle'
  | 'unsignedRoot'
  | 'bringsNoRoot'
  | 'sameVersion'
  | 'unknownUpdate'
  | 'unknownStage'
  | 'stageOver'
  | 'notPaused';

/** A refusal with a sentence that says what to do. */
export class RefusedUpdate extends Error {
  readonly reason: RolloutRefusal;

  constructor(reason: RolloutRefusal, detail: string) {
    super(detail);
    this.name = 'RefusedUpdate';
    this.reason = reason;
  }
}
