/**
 * Fills a journal as fast as it can until it is killed: `journal-writer.mjs FOLDER BOOT MAX-BYTES`.
 * A line for each heartbeat once it is in the journal; every third hundred is acked.
 */
import { writeSync } from 'node:fs';
import { Journal } from '../../agent/dist/journal/journal.js';

const [, , directory, bootId, maxBytes] = process.argv;
const journal = new Journal(directory, { maxBytes: Number(maxBytes), maxAgeMs: 86_400_000 });

for (let seq = 1; ; seq += 1) {
  const verdict = seq % 40 === 0 ? 'fail' : 'ok';
  const value = Math.trunc(Math.random() * 1e15);
  journal.append({
    type: 'heartbeat',
    bootId,
    seq,
    delivery: 'live',
    wallMs: Date.now(),
    monotonicMs: performance.now(),
    mode: 'prep',
    journalLag: 0,
    metrics: { 'net.rtt.ms': seq },
    verdicts: [{ id: 'net.rtt', verdict, reason: 'ok', evidence: { value }, ageMs: 0 }],
  });
  writeSync(1, `${seq}\n`);
  if (seq % 50 === 0) journal.sync();
  if (seq % 300 === 0) journal.ack(bootId, [[seq - 99, seq]]);
}
