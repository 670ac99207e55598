import { usageError } from "../../base/errors.ts";
import type { Intent } from "../../shared/contract/intent.ts";
import { t } from "../../shared/l10n.ts";

/**
 * The pictures, arrays and folders of pictures that a person chose: in a dialog, by a command, by a drop, or in an earlier session. Pages
 * refer to them by their paths; the word of a page alone reads none.
 */
export class ChosenPictures {
  private readonly chosen: Set<string>;

  /** `remembered`: paths that were chosen before, as the host itself kept them. */
  constructor(remembered: Iterable<string> = []) {
    this.chosen = new Set(remembered);
  }

  get all(): readonly string[] {
    return [...this.chosen];
  }

  allow(...paths: readonly (string | null)[]): void {
    for (const path of paths) if (path !== null) this.chosen.add(path);
  }

  /** What the host itself puts into an intent, a person chose. */
  allowThoseOf(intent: Pick<Intent, "images" | "image" | "otherImage">): void {
    this.allow(...intent.images, intent.image, intent.otherImage);
  }

  /** Throws a ConvLensError of kind `usage` for what nobody chose; null and undefined name no picture. */
  check(paths: readonly unknown[]): void {
    const other = paths.find((path) => path !== null && path !== undefined && !this.has(path));
    if (other === undefined) return;
    const name = typeof other === "string" ? other : typeof other;
    throw usageError(
      t("'{0}' was not chosen to be looked at: choose it with 'Add pictures' first.", name),
    );
  }

  /** What a page says that it shows, without what nobody chose; each picture once. */
  permitted(intent: Intent): Intent {
    const own = (path: string | null): string | null => (this.has(path) ? path : null);
    const images = [...new Set(intent.images)].filter((path) => this.has(path));
    return { ...intent, images, image: own(intent.image), otherImage: own(intent.otherImage) };
  }

  private has(path: unknown): path is string {
    return typeof path === "string" && this.chosen.has(path);
  }
}
