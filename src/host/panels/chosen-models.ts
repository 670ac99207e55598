import type { Intent } from "../../shared/contract/intent.ts";

/** The models that a person chose to compare with. A page names what it shows; its word alone neither opens nor watches a file. */
export class ChosenModels {
  private readonly chosen = new Set<string>();

  /** `isTold`: whether the page was told of a file as a checkpoint of its own training, which needs no choice. */
  constructor(private readonly isTold: (file: string) => boolean) {}

  allow(file: string | null): void {
    if (file !== null) this.chosen.add(file);
  }

  /** `file` where it may be shown, for good, else null. At once: an intent that waited would be overtaken by a later one. */
  permitted(file: string | null): string | null {
    if (file === null) return null;
    if (this.isTold(file)) this.chosen.add(file);
    return this.chosen.has(file) ? file : null;
  }
}

/**
 * What a page kept over a reload, where `known` tells that a person has opened its model: compared with what was chosen then, or with
 * nothing.
 */
export function restoredIntent(kept: Intent | null, known: Intent | null): Intent | null {
  if (!kept || kept.model !== known?.model) return null;
  return { ...kept, other: kept.other === known.other ? kept.other : null };
}
