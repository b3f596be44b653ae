/** Metrics that every board gets with every change, in order. Few: they travel 600 times a second. */
export const liveColumns: readonly string[] = [
  'pc.cpu.ratio',
  'pc.ram.usedRatio',
  'net.rtt.ms',
  'net.loss.ratio',
  'net.rx.bytesPerSecond',
  'net.tx.bytesPerSecond',
  'net.down.bytesPerSecond',
];
