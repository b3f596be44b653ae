/**
 * The near end of a line: the agent's own compiled probes, one at a time.
 * usage: line-client.mjs WHAT JSON, with WHAT a key of `measures`
 * stdout: one JSON line with the outcome, before it JSON lines of events.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { systemClock } from '../../agent/dist/platform/clock.js';
import { measureSntp } from '../../agent/dist/probes/clock/sntp.js';
import { download } from '../../agent/dist/probes/download/download.js';
import { rehearseEmDownload } from '../../agent/dist/probes/em-download/em-download.js';
import { tryInternet } from '../../agent/dist/probes/internet/iso-internet.js';
import { ClockEstimate } from '../../agent/dist/probes/link/clock-estimate.js';
import { LossProbe } from '../../agent/dist/probes/loss/loss-probe.js';
import { measureHandshake } from '../../agent/dist/probes/portal/handshake.js';

const clock = systemClock();
const { signal } = new AbortController();

const measures = {
  handshake: (target) => measureHandshake(target, clock, signal),
  internet: (target) => tryInternet({ ...target, maxWaitMs: 0 }, 0, clock, signal),
  sntp: (target) => measureSntp(target, clock, signal),
  throughput: ({ url, slot }) =>
    download(url, slot, { clock, signal: new AbortController().signal }),
  loss: measureLoss,
  clock: measureClock,
  package: (order) =>
    rehearseEmDownload(order, {
      clock,
      signal,
      random: Math.random,
      onEvent: (event) => say({ atMs: clock.monotonicMs(), event }),
    }),
};

const [what, input] = process.argv.slice(2);
say(await measures[what](JSON.parse(input)));
process.exit(0);

/** Several probes side by side, each over its whole window: ten minutes of handshakes in seconds. */
async function measureLoss({ target, probes, handshakes }) {
  const ratios = await Promise.all(
    Array.from({ length: probes }, async () => {
      const probe = new LossProbe(target, clock);
      let last;
      const one = async () => {
        last = await probe.measure(new AbortController().signal);
      };
      await Promise.all(Array.from({ length: handshakes }, one));
      // The one that ended last has seen all the others.
      return last.metrics?.['net.loss.ratio'] ?? -1;
    }),
  );
  return { ratios };
}

/** What the link does over its WebSocket, over a socket of its own. */
async function measureClock({ target, exchanges }) {
  const socket = connect(target);
  socket.setNoDelay(true);
  const estimate = new ClockEstimate();
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  for (let at = 0; at < exchanges; at += 1) {
    const sentMs = clock.monotonicMs();
    socket.write('?');
    const { value } = await answers.next();
    const receivedMs = clock.monotonicMs();
    const { receivedAtMs, sentAtMs } = JSON.parse(value);
    estimate.add({
      sentMs,
      receivedMs,
      collectorReceivedMs: receivedAtMs,
      collectorSentMs: sentAtMs,
    });
  }
  socket.destroy();
  const rttMs = estimate.medianRttMs();
  return { rttMs, ...estimate.skew(clock.wallMs(), clock.monotonicMs()) };
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
