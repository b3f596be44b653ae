import { join } from 'node:path';
import { ProtocolError, encode, type KnownWorkstation, type Roster } from '@ppe-pulse/protocol';
import type { FindWorkstation } from '@ppe-pulse/protocol/carry';
import { createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import { readText, writeWhole } from '../platform/files.ts';

/** Remembers the workstations of this relay's ППЭ: an import works with the uplink cut, too. */
export function writeRoster(dataDir: string, roster: Roster): void {
  writeWhole(join(dataDir, 'roster.json'), `${encode(roster)}\n`);
}

/** The workstations that the collector last named; undefined when this PC never was its relay. */
export function readMembers(dataDir: string): readonly KnownWorkstation[] | undefined {
  const text = readText(join(dataDir, 'roster.json'));
  const roster = text === undefined ? undefined : rosterOf(text.trimEnd());
  return roster?.members.map(({ agentId, publicKey, placement }) => ({
    id: agentId,
    publicKey,
    placement,
  }));
}

/** The same, by their ids. */
export function readRoster(dataDir: string): FindWorkstation | undefined {
  const kept = readMembers(dataDir);
  if (!kept) return undefined;
  const members = new Map(kept.map((each) => [each.id, each]));
  return (agentId) => members.get(agentId);
}

function rosterOf(text: string): Roster | undefined {
  try {
    const message = createCollectorDecoder()(text);
    return message.type === 'roster' ? message : undefined;
  } catch (error) {
    // A damaged cache is no cache: the next connection writes it again.
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
