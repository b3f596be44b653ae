import bundle from './rolldown.config.mjs';

/**
 * Two of the library's seventeen parts are used: without the others an update is 60 kB smaller. It
 * prepares itself for PowerShell in the file that is left out here.
 */
const INVENTORY = `
import * as util from 'systeminformation/lib/util.js';
if (process.platform === 'win32') {
  util.getCodepage();
  util.getPowershell();
}
export { osInfo } from 'systeminformation/lib/osinfo.js';
export { cpu } from 'systeminformation/lib/cpu.js';
`;

const inventoryAlone = {
  name: 'inventory-alone',
  resolveId: (id) => (id === 'systeminformation' ? '\0inventory-alone' : null),
  load: (id) => (id === '\0inventory-alone' ? INVENTORY : null),
};

/** A bundle of one file: what is loaded when it is needed stands in it, and is run then. */
function oneFile(input) {
  return {
    ...bundle,
    input,
    plugins: [...bundle.plugins, inventoryAlone],
    output: {
      dir: 'dist/shipped',
      entryFileNames: '[name].mjs',
      format: 'esm',
      minify: true,
      codeSplitting: false,
    },
  };
}

/**
 * What is installed: the agent as one file, which an update replaces, and the launcher that chooses
 * between those. The same sources give the same bytes: `deploy/package/shipped.mjs` writes their hashes.
 */
export default [
  oneFile({ agent: 'dist/shipped.js' }),
  oneFile({ launcher: 'dist/launcher/main.js' }),
];
