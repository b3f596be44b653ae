import type { ConditionDefinition } from './condition.ts';
import { camerasOn } from './conditions/cameras.ts';
import {
  actsClaimed,
  anglesConfirmed,
  overlayConfirmed,
  techControlClaimed,
  videoPortalConfirmed,
} from './conditions/claims.ts';
import { audioOut, headsets, scannersTested } from './conditions/devices.ts';
import { emReady } from './conditions/em.ts';
import { lineSpeed, portalsAnswer, reserveRoute, uplinkHeadroom } from './conditions/line.ts';
import { clocksRight, pcsFit, powerReady, softwareInstalled } from './conditions/pc.ts';
import {
  hqOnline,
  kegeHeard,
  organizersHeard,
  scanHeard,
  speakingHeard,
  videoHeard,
} from './conditions/presence.ts';
import { paperEnough, printersReady, testPages } from './conditions/printing.ts';
import { reservePrinterTested, reservesTested } from './conditions/reserves.ts';
import { agentsCurrent, planCurrent } from './conditions/versions.ts';

/**
 * Every condition, in the order that people read them. A new one is a definition in its family's
 * file, its id, a line here, and its texts.
 */
export const readinessConditions: readonly ConditionDefinition[] = [
  hqOnline,
  organizersHeard,
  scanHeard,
  kegeHeard,
  speakingHeard,
  videoHeard,
  agentsCurrent,
  planCurrent,
  lineSpeed,
  uplinkHeadroom,
  portalsAnswer,
  reserveRoute,
  emReady,
  clocksRight,
  pcsFit,
  powerReady,
  softwareInstalled,
  printersReady,
  paperEnough,
  testPages,
  scannersTested,
  audioOut,
  headsets,
  reservePrinterTested,
  reservesTested,
  camerasOn,
  overlayConfirmed,
  anglesConfirmed,
  videoPortalConfirmed,
  techControlClaimed,
  actsClaimed,
];
