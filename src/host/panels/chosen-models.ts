import type { Intent } from "../../shared/contract/intent.ts";

/** The models that a person chose to compare with. A page names what it shows; its word alone neither opens nor watches a file. */
export class ChosenModels {
  private readonly chosen = new Set<string>();

  /** `isCheckpoint`: whether a file is a checkpoint of the panel's own training, which needs no choice. */
  constructor(private readonly isCheckpoint: (file: string) => Promise<boolean>) {}

  allow(file: string | null): void {
    if (file !== null) this.chosen.add(file);
  }

  /** `file` where it may be shown, else null. */
  async permitted(file: string | null): Promise<string | null> {
    if (file === null || this.chosen.has(file)) return file;
    return (await this.isCheckpoint(file)) ? file : null;
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
