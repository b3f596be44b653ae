import {
  deviceId,
  deviceKinds,
  mainMetricOf,
  metrics,
  splitDeviceId,
  type DeviceKind,
  verdictWeight,
  type Standing,
} from '@ppe-pulse/protocol';
import type { CheckAnswer, WorkstationAnswer } from '../api/shapes.ts';

/** Everything that a workstation says of one device. */
export interface Device {
  readonly kind: DeviceKind;
  readonly number: number;
  readonly standing: Standing;
  readonly checks: readonly CheckAnswer[];
  /** Ids of its numbers that are known, in catalogue order. */
  readonly metricIds: readonly string[];
  /** The number of its first check: what its chart shows. */
  readonly mainMetric: string;
}

/** The devices of a workstation, in the order of the kinds. Pure. */
export function devicesOf(workstation: WorkstationAnswer): readonly Device[] {
  return deviceKinds.flatMap((kind) =>
    numbersOf(kind, workstation).map((number) => deviceOf(kind, number, workstation)),
  );
}

/** Checks that belong to no device: the PC, its clock and its line. */
export function checksOfPc({ checks }: WorkstationAnswer): readonly CheckAnswer[] {
  return checks.filter((check) => kindOf(check.id) === undefined);
}

/** Metrics that belong to no device. */
export function metricsOfPc({ metrics: known }: WorkstationAnswer): readonly string[] {
  return metrics.map(({ id }) => id).filter((id) => id in known && kindOf(id) === undefined);
}

function kindOf(id: string): DeviceKind | undefined {
  const word = id.slice(0, id.indexOf('.'));
  return deviceKinds.find((kind) => kind === word);
}

function numbersOf(kind: DeviceKind, workstation: WorkstationAnswer): number[] {
  const numbers = workstation.checks.flatMap(({ id }) => {
    const split = kindOf(id) === kind ? splitDeviceId(id) : undefined;
    return split ? [split.device] : [];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function deviceOf(kind: DeviceKind, number: number, workstation: WorkstationAnswer): Device {
  const checks = workstation.checks.filter(
    ({ id }) => kindOf(id) === kind && splitDeviceId(id)?.device === number,
  );
  const known = metrics
    .filter(({ family }) => family === kind)
    .map(({ id }) => deviceId(id, number))
    .filter((id) => id in workstation.metrics);
  return {
    kind,
    number,
    checks,
    standing: standingOfDevice(checks),
    metricIds: known,
    mainMetric: mainMetricOf(checks[0]?.id ?? '') ?? known[0] ?? '',
  };
}

/** The worst check of the device; one that only waits for the plan counts when it is alone. */
function standingOfDevice(checks: readonly CheckAnswer[]): Standing {
  const judged = checks.filter(({ reason }) => reason !== 'noPlan');
  const [worst] = [...(judged.length > 0 ? judged : checks)].sort(
    (a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict),
  );
  return { verdict: worst?.verdict ?? 'unknown', reason: worst?.reason ?? 'notMeasured' };
}
