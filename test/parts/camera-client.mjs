/**
 * The near end of a line: the agent's own compiled camera probe, which looks once a second.
 * usage: camera-client.mjs CAMERA, with CAMERA an entry of `cameras` of `agent.yaml` as JSON
 * stdout: a JSON line of facts and metrics for every look. Ends when stdin ends.
 */
import { createLog } from '../../agent/dist/platform/log.js';
import { systemClock } from '../../agent/dist/platform/clock.js';
import { ProbeHost } from '../../agent/dist/child/probe-host.js';
import { cameraProbes } from '../../agent/dist/probes/camera/camera-probes.js';

const PERIOD_MS = 1_000;
const clock = systemClock();
const host = new ProbeHost({ clock, log: createLog('silent') });
const camera = {
  transport: 'tcp',
  watch: 'always',
  confirm: false,
  ...JSON.parse(process.argv[2]),
};
const [probe] = cameraProbes([camera], { clock, host });
process.stdin.resume().on('end', () => process.exit(0));

for (;;) {
  const { facts, metrics } = await probe.measure(new AbortController().signal);
  if (facts) process.stdout.write(`${JSON.stringify({ ...facts, metrics })}\n`);
  await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
}
