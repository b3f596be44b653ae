/** A whole collector as a child: what a region's load costs it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadConfig } from '../../server/dist/config.js';
import { startCollector } from '../../server/dist/collector.js';
import { createLog } from '../../server/dist/log.js';
import { servePart } from './bench.mjs';

const [dataDir, port = '0'] = process.argv.slice(2);
const collector = await startCollector(
  loadConfig(undefined, {}, { port: Number(port), dataDir }),
  createLog('warn'),
);
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let cpu = process.cpuUsage();
let resetMs = performance.now();

servePart(async (question) => {
  if (question.do === 'address')
    return { url: collector.url.replace('http', 'ws'), token: collector.adminToken };
  if (question.do === 'reset') {
    delay.reset();
    cpu = process.cpuUsage();
    resetMs = performance.now();
    return {};
  }
  if (question.do === 'end') {
    await collector.stop();
    return {};
  }
  const used = process.cpuUsage(cpu);
  return {
    cpuMicros: used.user + used.system,
    cpuShare: (used.user + used.system) / 1_000 / (performance.now() - resetMs),
    loopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 10),
    rssMB: process.memoryUsage.rss() / 1e6,
  };
});
