import type { Disposable } from "vscode";
import { usageError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import type { Training } from "./training.ts";
import { watchModel } from "./watch.ts";

/** The model that a panel's own is compared with: chosen by a person, or a checkpoint of the training. */
export class OtherModel {
  private file: string | null = null;
  private watching: Disposable | null = null;
  /** A page names what it is compared with; only what a person chose is opened. */
  private readonly chosen = new Set<string>();

  constructor(
    private readonly training: Training,
    private readonly changed: (file: string) => void,
    /** Called with a model that is not wanted any more. */
    private readonly left: (file: string) => void,
  ) {}

  allow(file: string | null): void {
    if (file !== null) this.chosen.add(file);
  }

  /** The file, once it may be asked. Throws a ConvLensError of kind `usage` for one that nobody chose. */
  async open(file: string): Promise<string> {
    if (await this.training.has(file)) await this.training.adopt(file);
    else if (!this.chosen.has(file))
      throw usageError(t("'{0}' was not chosen to be compared.", file));
    return file;
  }

  /** Watches `file`, and lets go of the one before. */
  follow(file: string | null): void {
    if (file === this.file) return;
    this.watching?.dispose();
    if (this.file !== null) this.left(this.file);
    this.file = file;
    this.watching = file === null ? null : watchModel(file, () => this.changed(file));
  }

  dispose(): void {
    this.follow(null);
  }
}
