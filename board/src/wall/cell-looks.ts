import type { Verdict } from '@ppe-pulse/protocol';
import type { CellBox } from './cell-boxes.ts';
import type { RoomCell } from './tiles.ts';

/** What a cell looks like; each is told from the others without its colour. */
export type CellLook = Verdict | 'done' | 'unheard';

/** Colours of the cells on one kind of tile. */
export interface CellPalette {
  readonly work: string;
  readonly done: string;
  readonly warn: string;
  readonly fail: string;
  /** The cross upon a failed one. */
  readonly mark: string;
  readonly unknown: string;
  /** Of a room that nobody ever heard; before the day that is no news, and its line is thin. */
  readonly unheard: string;
  readonly isUnheardThin: boolean;
  readonly other: string;
}

/** What is used of a canvas. */
export type CellPen = Pick<
  CanvasRenderingContext2D,
  'fillStyle' | 'fillRect' | 'beginPath' | 'moveTo' | 'lineTo' | 'ellipse' | 'fill'
>;

/** Parts of a cell's height: outlines, the ring, the arms of a cross. */
const [OUTLINE, THIN, RING, BAR] = [0.21, 0.12, 0.19, 0.19];

export function lookOf({ verdict, isDone, isUnheard }: RoomCell): CellLook {
  if (isUnheard && verdict === 'unknown') return 'unheard';
  return isDone && verdict === 'ok' ? 'done' : verdict;
}

/** Draws one cell on cleared ground. */
export function drawCell(pen: CellPen, look: CellLook, box: CellBox, palette: CellPalette): void {
  const { x, y, w, h } = box;
  const lines = (part: number): number => Math.max(1, Math.round(part * h));
  switch (look) {
    case 'ok':
      fillBox(pen, palette.work, box);
      return;
    case 'done':
      fillBox(pen, palette.done, box);
      return;
    case 'warn':
      pen.fillStyle = palette.warn;
      pen.beginPath();
      pen.moveTo(x + w / 2, y);
      pen.lineTo(x + w, y + h);
      pen.lineTo(x, y + h);
      pen.fill();
      return;
    case 'fail':
      fillBox(pen, palette.fail, box);
      drawCross(pen, palette.mark, box);
      return;
    case 'unknown':
      drawOutline(pen, palette.unknown, box, lines(OUTLINE));
      return;
    case 'unheard':
      drawOutline(pen, palette.unheard, box, lines(palette.isUnheardThin ? THIN : OUTLINE));
      return;
    case 'silentByRule':
      drawRing(pen, palette.other, box);
      return;
    case 'notInvolved': {
      const thick = lines(OUTLINE);
      fillBox(pen, palette.other, { x, y: y + Math.round((h - thick) / 2), w, h: thick });
    }
  }
}

function fillBox(pen: CellPen, colour: string, { x, y, w, h }: CellBox): void {
  pen.fillStyle = colour;
  pen.fillRect(x, y, w, h);
}

function drawOutline(pen: CellPen, colour: string, { x, y, w, h }: CellBox, thick: number): void {
  const side = Math.max(0, h - 2 * thick);
  pen.fillStyle = colour;
  pen.fillRect(x, y, w, thick);
  pen.fillRect(x, y + h - thick, w, thick);
  pen.fillRect(x, y + thick, thick, side);
  pen.fillRect(x + w - thick, y + thick, thick, side);
}

function drawRing(pen: CellPen, colour: string, { x, y, w, h }: CellBox): void {
  const [middleX, middleY] = [x + w / 2, y + h / 2];
  const thick = Math.max(1, RING * h);
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(middleX, middleY, w / 2, h / 2, 0, 0, 2 * Math.PI);
  const [innerX, innerY] = [Math.max(0, w / 2 - thick), Math.max(0, h / 2 - thick)];
  pen.ellipse(middleX, middleY, innerX, innerY, 0, 0, 2 * Math.PI);
  // What lies within the other is a hole.
  pen.fill('evenodd');
}

function drawCross(pen: CellPen, colour: string, { x, y, w, h }: CellBox): void {
  const [far, low, bar] = [x + w, y + h, BAR * h];
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + bar, y);
  pen.lineTo(far, low - bar);
  pen.lineTo(far, low);
  pen.lineTo(far - bar, low);
  pen.lineTo(x, y + bar);
  // The same way round, so that the middle is no hole.
  pen.moveTo(far, y);
  pen.lineTo(far, y + bar);
  pen.lineTo(x + bar, low);
  pen.lineTo(x, low);
  pen.lineTo(x, low - bar);
  pen.lineTo(far - bar, y);
  pen.fill();
}
