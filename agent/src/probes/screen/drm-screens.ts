import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluggedScreens, ScreenSize } from './screen-size.ts';

/** Where Linux lists the sockets of its graphics cards. */
const DRM_CONNECTORS = '/sys/class/drm';
/** Two cards with eight sockets each are rare. */
const MAX_CONNECTORS = 64;
const MAX_CHARACTERS = 16_384;

/** Looks at the sockets; a PC without a graphics card has none. */
export async function drmScreens(root = DRM_CONNECTORS): Promise<PluggedScreens> {
  let names: string[];
  try {
    names = (await readdir(root)).filter((name) => /^card\d+-/.test(name));
  } catch {
    return [];
  }
  const texts = await Promise.all(
    names.slice(0, MAX_CONNECTORS).map(async (name) => ({
      status: (await read(join(root, name, 'status'))).trim(),
      modes: await read(join(root, name, 'modes')),
    })),
  );
  return texts
    .filter(({ status }) => status === 'connected')
    .map(({ modes }) => preferredMode(modes) ?? null);
}

/** The kernel lists the mode that the screen is made for first: `1920x1080`, `1920x1080i`. */
export function preferredMode(modes: string): ScreenSize | undefined {
  const found = /^(\d{1,5})x(\d{1,5})i?$/m.exec(modes);
  return found ? { width: Number(found[1]), height: Number(found[2]) } : undefined;
}

async function read(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).slice(0, MAX_CHARACTERS);
  } catch {
    // Pulled out between the two looks.
    return '';
  }
}
