import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { decodePng, digestOf, encodePalette, shrink, type Pixels } from './png.ts';

const root = join(import.meta.dirname, '..', '..');
/** References: a small picture of each state for eyes, and a digest of all pixels for the test. */
const picturesDir = join(root, 'test', 'browser', 'pictures');
const digestsFile = join(picturesDir, 'pictures.json');
const artifacts = join(root, 'test', '.artifacts', 'states');
/** Of a reference; the digest is of the picture at full size. */
const SMALL_WIDTH = 960;
const SMALL_COLOURS = 64;

/** Beside the references: another browser, or another machine, draws text otherwise. */
interface Digests {
  readonly renderer: string;
  readonly pictures: Readonly<Record<string, string>>;
}

/** True: pictures are written instead of compared. */
export const isUpdate = process.env.UPDATE_PICTURES === 'true';

/** What draws the page: pixels of one are not those of another. */
export function rendererOf(page: Page): string {
  const major = page.context().browser()?.version().split('.')[0] ?? '?';
  return `chromium ${major} ${process.platform} ${process.arch}`;
}

/**
 * The page must be the reference to the pixel. Under another renderer than that of the references
 * pixels say nothing: a line of the console tells so, and the caller's checks of words and places remain.
 */
export async function samePicture(page: Page, name: string): Promise<void> {
  const shot = await page.screenshot();
  const pixels = decodePng(shot);
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, `${name}.png`), shot);
  const renderer = rendererOf(page);
  if (isUpdate) return writeReference(name, renderer, pixels);
  const told = readDigests();
  if (told.renderer !== renderer) {
    console.log(
      `PIXELS NOT COMPARED: ${name}: references are of ${told.renderer}, this is ${renderer}`,
    );
    return;
  }
  if (told.pictures[name] === digestOf(pixels)) return;
  expect.fail(`${name}: ${differenceOf(name, pixels)}`);
}

function writeReference(name: string, renderer: string, pixels: Pixels): void {
  mkdirSync(picturesDir, { recursive: true });
  writeFileSync(fileOf(name), encodePalette(smallOf(pixels), SMALL_COLOURS));
  const { pictures } = readDigests();
  const all = Object.entries({ ...pictures, [name]: digestOf(pixels) });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(digestsFile, `${JSON.stringify({ renderer, pictures: sorted }, null, 2)}\n`);
}

/** Names of the references that are kept. */
export function referenceNames(): string[] {
  return Object.keys(readDigests().pictures);
}

function readDigests(): Digests {
  if (!existsSync(digestsFile)) return { renderer: 'none yet', pictures: {} };
  return JSON.parse(readFileSync(digestsFile, 'utf8')) as Digests;
}

/** Where the picture differs, as far as the small reference tells. */
function differenceOf(name: string, pixels: Pixels): string {
  const see = `look at test/.artifacts/states/${name}.png; UPDATE_PICTURES=true keeps it`;
  if (!existsSync(fileOf(name))) return `there is no reference of it; ${see}`;
  const before = decodePng(readFileSync(fileOf(name)));
  const now = decodePng(encodePalette(smallOf(pixels), SMALL_COLOURS));
  if (before.width !== now.width || before.height !== now.height)
    return `it is ${now.width}×${now.height} and was ${before.width}×${before.height}; ${see}`;
  const places = Array.from({ length: now.width * now.height }, (_, at) => at).filter((at) =>
    [0, 1, 2].some((channel) => before.rgb[at * 3 + channel] !== now.rgb[at * 3 + channel]),
  );
  if (places.length === 0) return `it differs by less than the small reference shows; ${see}`;
  const xs = places.map((at) => at % now.width);
  const ys = places.map((at) => Math.floor(at / now.width));
  const span = (all: readonly number[]): string =>
    `${all.reduce((a, b) => Math.min(a, b))}…${all.reduce((a, b) => Math.max(a, b))}`;
  return `${places.length} px differ at x ${span(xs)}, y ${span(ys)} of ${now.width}×${now.height}; ${see}`;
}

function smallOf(pixels: Pixels): Pixels {
  return shrink(pixels, Math.max(1, Math.round(pixels.width / SMALL_WIDTH)));
}

function fileOf(name: string): string {
  return join(picturesDir, `${name}.png`);
}
