import type { CellPen } from '../../board/src/wall/cell-looks.ts';

/** A pen that remembers its strokes as text, without their colours; those are beside them. */
export interface RecordedPen extends CellPen {
  readonly strokes: readonly string[];
  readonly colours: readonly string[];
}

export function recordingPen(): RecordedPen {
  const strokes: string[] = [];
  const colours: string[] = [];
  const stroke =
    (name: string) =>
    (...numbers: readonly unknown[]): void =>
      void strokes.push([name, ...numbers].join(' '));
  return {
    strokes,
    colours,
    set fillStyle(colour: string) {
      colours.push(colour);
    },
    fillRect: stroke('rect'),
    beginPath: stroke('begin'),
    moveTo: stroke('move'),
    lineTo: stroke('line'),
    ellipse: stroke('ellipse'),
    fill: stroke('fill'),
  };
}
