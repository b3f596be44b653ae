/** What the wall says of the stages: parts of one file, for they are asked for at the same moment. */
export { Funnel } from './Funnel.tsx';
export { NextMilestone } from './NextMilestone.tsx';
