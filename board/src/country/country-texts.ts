import type { Plural } from '../text/page-texts.ts';

/** Words of the picture of many sites. */
export interface CountryTexts {
  readonly country: string;
  /** What the canvas is and which keys it takes. */
  readonly canvas: string;
  readonly sites: Plural;
  readonly rooms: Plural;
  /** A cell is this. */
  readonly cellIsRoom: string;
  readonly cellIsSite: string;
  readonly noRoom: string;
  readonly table: string;
  readonly municipality: string;
  readonly total: string;
  readonly unnamed: string;
  readonly page: (page: string, pages: string) => string;
  readonly previous: string;
  readonly next: string;
}
