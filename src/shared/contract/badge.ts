/** Areas under the two curves. */
export interface OrderAreas {
  readonly deletion: number;
  readonly insertion: number;
}
/** Against orders that know nothing of the network: above both, above a random one alone, above none, or with deletion above insertion. */
export type OrderVerdict = "found" | "as-centre" | "as-random" | "wrong-way";

/** How well the map orders pixels: area under the class' probability while the most important are removed, or put back (Petsiuk 2018). */
export interface TrustBadge extends OrderAreas {
  /** The class' probability after each step, from the whole picture to none of it, and the other way round. */
  readonly curves: { readonly deletion: Float64Array; readonly insertion: Float64Array };
  /** The same of a random order of the pixels, and of one from the middle outwards. */
  readonly random: OrderAreas;
  readonly centre: OrderAreas;
  readonly verdict: OrderVerdict;
  /** E.g. `20 steps, black baseline`. */
  readonly settings: string;
  /** What the two numbers say of the map, in one sentence. */
  readonly meaning: string;
}
