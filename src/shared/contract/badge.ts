/** How well the map orders pixels: area under the class' probability while the most important are removed, or put back (Petsiuk 2018). */
export interface TrustBadge {
  readonly deletion: number;
  readonly insertion: number;
  /** The class' probability after each step, from the whole picture to none of it, and the other way round. */
  readonly curves: { readonly deletion: Float64Array; readonly insertion: Float64Array };
  /** E.g. `20 steps, black baseline`. */
  readonly settings: string;
  /** What the two numbers say of the map, in one sentence. */
  readonly meaning: string;
}
