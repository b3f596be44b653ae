/** Enrols a region's workstations into a data folder, in a process whose memory is not measured. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from '../../server/dist/state/registry.js';
import { openState } from '../../server/dist/state/state-store.js';
import { servePart } from './bench.mjs';
import { workstation } from './workstations.mjs';

servePart(async ({ dataDir, workstations }) => {
  mkdirSync(dataDir, { recursive: true });
  const state = openState(join(dataDir, 'state.sqlite'));
  const registry = createRegistry(state);
  state.transaction(() => {
    for (let number = 0; number < workstations; number += 1) {
      const { id, publicKey, placement } = workstation(number);
      registry.enrol(id, publicKey, placement, 0);
    }
  });
  state.close();
});
