/** Sound devices of the PC: how many, and whether they are muted. Never what they hear. */
export interface AudioFacts {
  readonly outputs: number;
  readonly inputs: number;
  /** Undefined where the system does not tell. */
  readonly isOutputMuted?: boolean;
  readonly isInputMuted?: boolean;
  /** Level that a check on demand heard, dB of full scale, and how long ago. */
  readonly level?: { readonly decibels: number; readonly ageMs: number };
}
