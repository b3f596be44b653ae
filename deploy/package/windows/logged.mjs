/**
 * Runs the agent with its words in a file: who installs by policy has no window, and nowhere to say them.
 * With a folder alone it forgets that: what the agent wrote there stands in no list of the installer's.
 * usage: node logged.mjs LOG PROGRAM ARGUMENT… | FOLDER
 */
import { spawnSync } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

const [, , place, ...command] = process.argv;
if (command.length === 0) {
  rmSync(place, { recursive: true, force: true });
} else {
  const file = openSync(place, 'a');
  const stdio = ['ignore', file, file];
  const ended = spawnSync(process.execPath, command, { stdio, windowsHide: true });
  process.exitCode = ended.status ?? 1;
}
