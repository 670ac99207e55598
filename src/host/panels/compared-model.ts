import type { Disposable } from "vscode";
import { usageError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { ChosenModels } from "./chosen-models.ts";
import type { Training } from "./training.ts";
import { watchModel } from "./watch.ts";

/** The model that a panel's own is compared with: chosen by a person, or a checkpoint of the training. */
export class OtherModel {
  private file: string | null = null;
  private watching: Disposable | null = null;
  private readonly chosen: ChosenModels;

  constructor(
    private readonly training: Training,
    private readonly changed: (file: string) => void,
    /** Called with a model that is not wanted any more. */
    private readonly left: (file: string) => void,
  ) {
    this.chosen = new ChosenModels((file) => training.wasTold(file));
  }

  allow(file: string | null): void {
    this.chosen.allow(file);
  }

  /** `file` where it may be shown, else null. */
  permitted(file: string | null): string | null {
    return this.chosen.permitted(file);
  }

  /** The file, once it may be asked. Throws a ConvLensError of kind `usage` for one that nobody chose. */
  async open(file: string): Promise<string> {
    if (await this.training.has(file)) await this.training.adopt(file);
    else if (this.permitted(file) === null)
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
