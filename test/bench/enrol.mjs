/** Enrols a region's workstations into a data folder, in a process whose memory is not measured. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEnrolments } from '../../server/dist/state/enrolments.js';
import { openState } from '../../server/dist/state/state-store.js';
import { servePart } from './bench.mjs';
import { workstation } from './workstations.mjs';

servePart(async ({ dataDir, workstations }) => {
  mkdirSync(dataDir, { recursive: true });
  const state = openState(join(dataDir, 'state.sqlite'));
  const enrolments = createEnrolments(state);
  state.transaction(() => {
    for (let number = 0; number < workstations; number += 1) {
      const { id, publicKey, placement } = workstation(number);
      enrolments.enrol(id, publicKey, placement, 0);
    }
  });
  state.close();
});
