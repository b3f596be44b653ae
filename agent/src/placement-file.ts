import { join } from 'node:path';
import { duties, isId, roles, type Duty, type Placement, type Role } from '@ppe-pulse/protocol';
import { codeOf } from './platform/errors.ts';
import { readText, writeWhole } from './platform/files.ts';
import type { Log } from './platform/log.ts';

/** The placement of the last welcome: an agent that starts without a line judges by it. */
export function readPlacement(dataDir: string): Placement | undefined {
  const text = readText(join(dataDir, 'placement.json'));
  if (text === undefined) return undefined;
  try {
    return placementOf(JSON.parse(text));
  } catch {
    // A damaged cache is no cache: the next welcome writes it again.
    return undefined;
  }
}

/** Remembers a placement. A full disk is no reason to leave: it is known until the next start. */
export function rememberPlacement(dataDir: string, placement: Placement, log: Log): void {
  try {
    writeWhole(join(dataDir, 'placement.json'), `${JSON.stringify(placement)}\n`);
  } catch (error) {
    log.error({ error: codeOf(error) }, 'the placement cannot be written');
  }
}

function placementOf(value: unknown): Placement | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { siteCode, roomCode, role, duty, simulated } = value as Record<string, unknown>;
  const isSound =
    typeof siteCode === 'string' &&
    isId('siteCode', siteCode) &&
    typeof roomCode === 'string' &&
    isId('roomCode', roomCode) &&
    roles.includes(role as Role) &&
    duties.includes(duty as Duty);
  if (!isSound) return undefined;
  return {
    siteCode,
    roomCode,
    role: role as Role,
    duty: duty as Duty,
    simulated: simulated === true,
  };
}
