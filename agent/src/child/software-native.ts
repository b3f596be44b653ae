import {
  lookUp,
  type InstalledProgram,
  type SoftwareLook,
  type WantedProgram,
} from '../probes/software/software.ts';
import { wideText, type NativeLibraries } from './native-libraries.ts';
import {
  registryKeys,
  registryRoots,
  registryViews,
  type RegistryKeys,
} from './registry-native.ts';

const UNINSTALL = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
/** Programs of one hive; a full PC has 400. */
const MAX_PROGRAMS = 5_000;
/** People whose own programs are looked at: those who are logged on. */
const MAX_PEOPLE = 64;

/**
 * Programs as Windows' own list of them tells, for the probe child only: the names are compared there
 * and sent nowhere. Tried under wine; unverified on Windows.
 */
export async function lookAtPrograms(
  libraries: NativeLibraries,
  wanted: readonly WantedProgram[],
): Promise<SoftwareLook> {
  return { kind: 'seen', installed: lookUp(wanted, await installedPrograms(libraries)) };
}

async function installedPrograms(libraries: NativeLibraries): Promise<InstalledProgram[]> {
  const registry = await registryKeys(libraries);
  const { localMachine, users } = registryRoots;
  const ofTheMachine = [registryViews.bits64, registryViews.bits32].flatMap((view) =>
    programsOf(registry, localMachine, { path: UNINSTALL, view }),
  );
  const ofPeople = registry
    .names(users, MAX_PEOPLE)
    .flatMap((person) => programsOfPerson(registry, person));
  return [...ofTheMachine, ...ofPeople];
}

function programsOfPerson(registry: RegistryKeys, person: string): InstalledProgram[] {
  const { users } = registryRoots;
  try {
    return programsOf(registry, users, {
      path: `${person}\\${UNINSTALL}`,
      view: registryViews.own,
    });
  } catch {
    // Another person's part may be closed to the agent's user; the machine's own list is not.
    return [];
  }
}

function programsOf(
  registry: RegistryKeys,
  root: number,
  at: { readonly path: string; readonly view: number },
): InstalledProgram[] {
  const list = registry.open(root, at.path, at.view);
  if (list === undefined) return [];
  try {
    const names = registry.names(list, MAX_PROGRAMS);
    return names.flatMap((name) => programAt(registry, list, { path: name, view: at.view }));
  } finally {
    registry.close(list);
  }
}

function programAt(
  registry: RegistryKeys,
  list: unknown,
  at: { readonly path: string; readonly view: number },
): InstalledProgram[] {
  let key: unknown;
  try {
    key = registry.open(list, at.path, at.view);
  } catch {
    // One entry that is closed to the agent does not hide the others.
    return [];
  }
  if (key === undefined) return [];
  const name = wideText(registry.value(key, 'DisplayName') ?? Buffer.alloc(0));
  const version = wideText(registry.value(key, 'DisplayVersion') ?? Buffer.alloc(0));
  registry.close(key);
  return name === '' ? [] : [{ name, version }];
}
