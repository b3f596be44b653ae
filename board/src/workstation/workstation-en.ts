import type { WorkstationTexts } from './workstation-texts.ts';

export const workstationEn: WorkstationTexts = {
  devices: 'Devices',
  deviceKinds: { printer: 'Printer', scanner: 'Scanner', camera: 'Camera', audio: 'Sound' },
  deviceState: 'state',
  checks: 'PC and network',
  measurements: 'Measurements',
  history: 'History',
  check: 'Check',
  state: 'State',
  value: 'Value',
  basis: 'Evidence',
  measured: 'Measured',
  computer: 'Computer',
  journal: "In the agent's journal",
  throughput: 'Network speed',
  rtt: 'Network reply',
  ranges: { '15m': '15 min', '1h': '1 hour', '8h': '8 hours', '24h': '24 hours' },
  noHistory: 'No measurements in this time',
  historyFailed:
    "The history did not load; trying again. If this stays, look into the collector's log",
  unknownWorkstation: 'There is no such workstation',
};
