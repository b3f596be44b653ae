import type { Reason } from '@ppe-pulse/protocol';
import type { Column } from './columns.ts';

/** Words of a table of rooms: the Штаб's own page and the board's page of a ППЭ have the same. */
export interface RoomTexts {
  readonly rooms: string;
  readonly roomColumn: string;
  readonly columns: Readonly<Record<Column, string>>;
  readonly camerasFrom2: (last: number) => string;
  readonly fine: string;
  readonly fineOf: Readonly<Partial<Record<Column, string>>>;
  readonly wasFine: string;
  readonly was: (word: string) => string;
  readonly notKnown: string;
  readonly absent: string;
  readonly quiet: string;
  readonly waitsForPlan: string;
  readonly partOf: (upset: number, total: number) => string;
  readonly fromStick: (age: string) => string;
  readonly underMinute: string;
  /** Words that fit into a cell where the reason's own do not. */
  readonly short: Readonly<Partial<Record<Reason, string>>>;
}
