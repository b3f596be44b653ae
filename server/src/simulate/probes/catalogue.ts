import { appProbe, clockProbe, diskProbe, hostProbe } from './host.ts';
import {
  downloadProbe,
  emProbe,
  isolationProbe,
  linkProbe,
  lossProbe,
  nicProbe,
  portalProbe,
  reserveProbe,
  uplinkProbe,
} from './line.ts';
import { powerProbe, screenProbe, softwareProbe, zoneProbe } from './pc.ts';
import { printerProbe } from './printer.ts';
import type { SimulatedProbe } from './probe.ts';
import { cameraProbe, scannerProbe, soundProbe } from './room.ts';

/** Every probe that the simulator plays. */
export const simulatedProbes: readonly SimulatedProbe[] = [
  hostProbe,
  diskProbe,
  clockProbe,
  linkProbe,
  lossProbe,
  nicProbe,
  downloadProbe,
  portalProbe,
  reserveProbe,
  uplinkProbe,
  emProbe,
  isolationProbe,
  appProbe,
  printerProbe,
  scannerProbe,
  soundProbe,
  cameraProbe(1),
  cameraProbe(2),
  powerProbe,
  screenProbe,
  softwareProbe,
  zoneProbe,
];
