/** The simulator as a part of a bench: a fleet that speaks the real protocol over real sockets. */
import { startSimulation } from '../../server/dist/simulate/simulation.js';
import { servePart } from './bench.mjs';

let simulation;

servePart(async (question) => {
  if (question.do === 'start') {
    const { to, token, sites, rooms } = question;
    const time = { startMs: Date.parse('2024-05-15T02:00:00Z'), speed: 1, utcOffsetMinutes: 420 };
    simulation = await startSimulation({ to, token, seed: 4, sites, rooms, time, relays: false });
    await simulation.connected(60_000);
    return { workstations: simulation.agents.length };
  }
  if (question.do === 'clear') simulation.clearLatencies();
  if (question.do === 'stop') return simulation.stop();
  return simulation.counters();
});
