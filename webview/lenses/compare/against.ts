/** What is compared with the model and picture that are looked at. */
export interface Against {
  /** Equal as long as both sides are the same. */
  readonly key: string;
  readonly image: string | null;
  readonly otherImage: string | null;
}
