import { stat, readFile } from 'node:fs/promises';
import { runCommand } from '../../child/run-command.ts';
import { parseDpkgStatus, parseRpmList, RPM_FORMAT } from './package-lists.ts';
import {
  lookUp,
  type InstalledProgram,
  type SoftwareLook,
  type WantedProgram,
} from './software.ts';

/** Where Debian and Astra keep their list. */
const DPKG_STATUS = '/var/lib/dpkg/status';
/** A desktop's list has 3 MB. */
const MAX_STATUS_BYTES = 64 * 1024 * 1024;
/** ALT, RED OS. 3,000 packages take a second. */
const RPM_DEADLINE_MS = 20_000;
const MAX_RPM_BYTES = 8 * 1024 * 1024;

/** Where the lists are, elsewhere in tests. */
export interface ListPlaces {
  readonly dpkgStatus?: string;
  readonly rpmFlags?: readonly string[];
}

type ProgramList =
  | { readonly kind: 'listed'; readonly programs: readonly InstalledProgram[] }
  | Extract<SoftwareLook, { kind: 'failed' }>;

/**
 * Looks the wanted programs up in the list of a Linux, in the probe child: the list is long to read and
 * rpm is a program. What else is installed goes nowhere. Never rejects.
 */
export async function lookAtPackages(
  wanted: readonly WantedProgram[],
  { dpkgStatus = DPKG_STATUS, rpmFlags = [] }: ListPlaces = {},
): Promise<SoftwareLook> {
  const dpkg = await dpkgPackages(dpkgStatus);
  const list: ProgramList =
    dpkg.length > 0 ? { kind: 'listed', programs: dpkg } : await rpmPackages(rpmFlags);
  if (list.kind === 'failed') return list;
  return { kind: 'seen', installed: lookUp(wanted, list.programs) };
}

async function dpkgPackages(path: string): Promise<InstalledProgram[]> {
  try {
    if ((await stat(path)).size > MAX_STATUS_BYTES) return [];
    return parseDpkgStatus(await readFile(path, 'utf8'));
  } catch {
    // Not a system with dpkg.
    return [];
  }
}

async function rpmPackages(flags: readonly string[]): Promise<ProgramList> {
  const outcome = await runCommand({
    program: 'rpm',
    args: ['-qa', '--queryformat', RPM_FORMAT, ...flags],
    deadlineMs: RPM_DEADLINE_MS,
    output: { kind: 'kept', maxBytes: MAX_RPM_BYTES },
  });
  if (outcome.kind === 'notFound') return { kind: 'failed', reason: 'notSupported' };
  if (outcome.kind === 'deadline') return { kind: 'failed', reason: 'noAnswer' };
  if (outcome.kind === 'tooMuch' || outcome.code !== 0)
    return { kind: 'failed', reason: 'badAnswer' };
  const programs = parseRpmList(outcome.stdout);
  // No system is made of nothing: this list is not the system's.
  if (programs.length === 0) return { kind: 'failed', reason: 'notSupported' };
  return { kind: 'listed', programs };
}
