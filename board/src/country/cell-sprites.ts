import { verdicts } from '@ppe-pulse/protocol';
import { DONE_STATE } from './country-model.ts';

/** Colours of the page's theme. */
export interface CountryPalette {
  readonly ground: string;
  readonly work: string;
  readonly done: string;
  readonly warn: string;
  readonly fail: string;
  readonly unknown: string;
  readonly quiet: string;
}

/** From here on a shape can be told from another. */
const MARK_MIN = 9;
/** Smaller cells touch each other: a gap would be a third of them. */
const GAP_FROM = 5;

/** Where states stand in the strip of sprites; of every state one for even and one for odd sites. */
export function spriteX(state: number, isOdd: boolean, pitch: number): number {
  return (state * 2 + Number(isOdd)) * pitch;
}

/** After all states, the ground alone. */
export function groundSpriteX(pitch: number): number {
  return spriteX(DONE_STATE + 1, false, pitch);
}

/** Width of the strip. */
export function stripWidth(pitch: number): number {
  return groundSpriteX(pitch) + pitch;
}

/** Every state of a cell, drawn once: painting a cell is then one copy. */
export function drawSprites(
  context: CanvasRenderingContext2D,
  palette: CountryPalette,
  pitch: number,
): void {
  const size = pitch >= GAP_FROM ? pitch - 1 : pitch;
  context.fillStyle = palette.ground;
  context.fillRect(groundSpriteX(pitch), 0, pitch, pitch);
  for (let state = 0; state <= DONE_STATE; state += 1) {
    for (const isOdd of [false, true]) {
      const x = spriteX(state, isOdd, pitch);
      context.fillStyle = palette.ground;
      context.fillRect(x, 0, pitch, pitch);
      context.save();
      context.beginPath();
      context.rect(x, 0, size, size);
      context.clip();
      context.translate(x, 0);
      drawState(context, { state, isOdd, size, palette });
      context.restore();
    }
  }
}

interface Drawn {
  readonly state: number;
  readonly isOdd: boolean;
  readonly size: number;
  readonly palette: CountryPalette;
}

function drawState(context: CanvasRenderingContext2D, drawn: Drawn): void {
  const { state, size, palette } = drawn;
  const verdict = verdicts[state];
  if (verdict === 'fail') {
    fill(context, palette.fail, size);
    if (size >= MARK_MIN) cross(context, size);
  } else if (verdict === 'warn') {
    if (size >= MARK_MIN) triangle(context, drawn);
    else fill(context, palette.warn, size);
  } else if (verdict === 'unknown') hatch(context, palette.unknown, size);
  else if (verdict === 'silentByRule' || verdict === 'notInvolved') outline(context, drawn);
  else {
    // Neighbouring sites differ a little, or nobody would see where one ends.
    context.globalAlpha = drawn.isOdd ? 0.78 : 1;
    fill(context, state === DONE_STATE ? palette.done : palette.work, size);
    context.globalAlpha = 1;
  }
}

function fill(context: CanvasRenderingContext2D, colour: string, size: number): void {
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
}

function cross(context: CanvasRenderingContext2D, size: number): void {
  context.strokeStyle = '#fff';
  context.lineWidth = Math.max(1.5, size / 7);
  const edge = size * 0.28;
  context.beginPath();
  context.moveTo(edge, edge);
  context.lineTo(size - edge, size - edge);
  context.moveTo(size - edge, edge);
  context.lineTo(edge, size - edge);
  context.stroke();
}

function triangle(context: CanvasRenderingContext2D, { size, palette }: Drawn): void {
  context.fillStyle = palette.warn;
  context.beginPath();
  context.moveTo(size / 2, 0);
  context.lineTo(size, size);
  context.lineTo(0, size);
  context.fill();
}

/** Stripes say that nobody knows, in any colour and at any size. */
function hatch(context: CanvasRenderingContext2D, colour: string, size: number): void {
  context.fillStyle = colour;
  const step = size >= MARK_MIN ? 3 : 2;
  for (let y = 0; y < size; y += 1)
    for (let x = (y * (step - 1)) % step; x < size; x += step) context.fillRect(x, y, 1, 1);
  if (size < MARK_MIN) return;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, size - 1, size - 1);
}

/** Hollow: nothing is expected of it now. A crossed one takes no part. */
function outline(context: CanvasRenderingContext2D, { state, size, palette }: Drawn): void {
  context.fillStyle = palette.quiet;
  const edge = size >= MARK_MIN ? size * 0.2 : 0;
  if (verdicts[state] === 'notInvolved') {
    context.fillRect(edge, Math.floor(size / 2), size - 2 * edge, 1);
    return;
  }
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.strokeRect(edge + 0.5, edge + 0.5, size - 2 * edge - 1, size - 2 * edge - 1);
}
