/** Stages two updates in turn until it is killed: `update-victim.mjs INSTALL-DIR VERSIONS-DIR FILE…`. */
import { readFileSync } from 'node:fs';
import { readUpdateManifest, splitUpdateBundle } from '@ppe-pulse/protocol/update';
import { VersionStore } from '../../agent/dist/update/version-store.js';

const [installDir, versionsDir, ...files] = process.argv.slice(2);
const place = { installDir, versionsDir, dataDir: '', version: '0.1.0', isOnTrial: false };
const updates = files.map((file) => {
  const offer = splitUpdateBundle(readFileSync(file));
  return { offer, manifest: readUpdateManifest(offer.manifest) };
});
const store = new VersionStore(place);
process.stdout.write('begun\n');
for (;;) {
  for (const update of updates) {
    store.stage(update, update.offer.packed, { needsWelcome: true, untilMs: null });
    store.tidy();
  }
}
