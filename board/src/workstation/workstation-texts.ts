import type { DeviceKind } from '@ppe-pulse/protocol';

/** Time spans of the history. */
export const rangeNames = ['15m', '1h', '8h', '24h'] as const;
export type RangeName = (typeof rangeNames)[number];

/** Words of the page of a workstation. */
export interface WorkstationTexts {
  readonly devices: string;
  readonly deviceKinds: Readonly<Record<DeviceKind, string>>;
  readonly deviceState: string;
  readonly checks: string;
  readonly measurements: string;
  readonly history: string;
  readonly check: string;
  readonly state: string;
  readonly value: string;
  readonly basis: string;
  readonly measured: string;
  readonly computer: string;
  readonly journal: string;
  readonly throughput: string;
  readonly rtt: string;
  readonly ranges: Readonly<Record<RangeName, string>>;
  readonly noHistory: string;
  readonly historyFailed: string;
  readonly unknownWorkstation: string;
}
