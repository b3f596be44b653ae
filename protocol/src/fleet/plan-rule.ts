/**
 * What the plan says of a workstation now: its site takes no part, or it is isolated and its silence
 * is no fault.
 */
export type PlanRule = 'notInvolved' | 'isolated';
