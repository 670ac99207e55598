const collator = new Intl.Collator("en", { numeric: true });

/** As people order names: `epoch_2` before `epoch_10`. For `sort`. */
export const naturalOrder = (a: string, b: string): number => collator.compare(a, b);
