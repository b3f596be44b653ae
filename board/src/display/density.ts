/** How a display is read: at a desk, from a wall, across a hall. */
export const densities = ['desk', 'wall', 'hall'] as const;
export type Density = (typeof densities)[number];

/** A display and who looks at it from where. */
export interface Viewing {
  readonly diagonalInches: number;
  /** From the eye that is furthest away. */
  readonly distanceMetres: number;
  /** Screens of that diagonal side by side in a row of a video wall; 1 for one. */
  readonly screensAcross: number;
}
