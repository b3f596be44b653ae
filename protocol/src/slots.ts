/**
 * Throughput tests that a collector may lease, named as the capabilities of an agent. Several
 * connections at once tell a lossy line from a slow one: what four carry more than one, loss held back.
 */
export const slotKinds = ['download', 'upload', 'downloadMany'] as const;
export type SlotKind = (typeof slotKinds)[number];

/** Connections of one test. */
export const slotConnections: Readonly<Record<SlotKind, number>> = {
  download: 1,
  upload: 1,
  downloadMany: 4,
};

/** Metric that a test gives. */
export const slotMetric: Readonly<Record<SlotKind, string>> = {
  download: 'net.down.bytesPerSecond',
  upload: 'net.up.bytesPerSecond',
  downloadMany: 'net.downMany.bytesPerSecond',
};
