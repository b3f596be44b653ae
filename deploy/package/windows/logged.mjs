/**
 * What the package for group policy does beside laying files down. It runs the agent with its words in a
 * file: who installs by policy has no window, and nowhere to say them. It lays settings down where there
 * are none: a file of the package's own would be written over those that somebody changed. With a folder
 * alone it forgets that: what the agent wrote there stands in no list of the installer's.
 * What is of a version that another has come over is not done: its removal would be the newer one's end.
 * usage: node logged.mjs --settings FOLDER | [--of VERSION] LOG PROGRAM ARGUMENT… | [--of VERSION] FOLDER
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const words = process.argv.slice(2);
const version = words[0] === '--of' ? words.splice(0, 2)[1] : undefined;
const [place, ...command] = words;
const versions = new URL('versions/', import.meta.url);
if (place === '--settings') {
  laySettings(command[0]);
} else if (version !== undefined && readdirSync(versions).some((each) => each !== version)) {
  process.exitCode = 0;
} else if (command.length === 0) {
  rmSync(place, { recursive: true, force: true });
} else {
  const file = openSync(place, 'a');
  const stdio = ['ignore', file, file];
  const ended = spawnSync(process.execPath, command, { stdio, windowsHide: true });
  process.exitCode = ended.status ?? 1;
}

function laySettings(folder) {
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, 'agent.yaml');
  if (!existsSync(settings)) copyFileSync(new URL('agent.first.yaml', import.meta.url), settings);
}
