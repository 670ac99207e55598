import type { Disposable } from "vscode";
import type { Remote } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { Series } from "../../shared/contract/training.ts";
import { usageError } from "../../shared/errors.ts";
import { readSeries, watchSeries } from "./series.ts";

/**
 * The checkpoints beside a panel's model: any of them can be looked at in its place, as the model itself is (its preprocessing and labels hold
 * for all). `changed` is told of the series and of the file that was written.
 */
export class Training {
  private series: Promise<Series> | null = null;
  private readonly adopted = new Set<string>();
  private readonly watching: Disposable;

  constructor(
    private readonly remote: Remote<ComputeContract>,
    private readonly model: string,
    private readonly changed: (series: Series, written: string | null) => void,
  ) {
    this.watching = watchSeries(
      model,
      (file) => this.isReadable(file),
      (file) => void this.renew(file),
    );
  }

  all(): Promise<Series> {
    this.series ??= readSeries(this.model);
    return this.series;
  }

  /** Makes `checkpoint` answer as the model does. Throws a ConvLensError of kind `usage` for a file that is not of the series. */
  async adopt(checkpoint: string): Promise<void> {
    if (checkpoint === this.model || this.adopted.has(checkpoint)) return;
    const known = (await this.all()).some(({ path }) => path === checkpoint);
    if (!known)
      throw usageError(`There is no checkpoint '${checkpoint}' beside the model any more.`);
    const { preprocessing, labels } = await this.remote.summary({ model: this.model });
    await this.remote.setPreprocessing({ model: checkpoint, preprocessing, labels });
    this.adopted.add(checkpoint);
  }

  /** The model's preprocessing was changed: it holds for its checkpoints as well. */
  preprocessingChanged(): void {
    this.adopted.clear();
  }

  dispose(): void {
    this.watching.dispose();
    for (const checkpoint of this.adopted)
      void this.remote.release({ model: checkpoint }).catch(() => undefined);
  }

  private async isReadable(file: string): Promise<boolean> {
    try {
      await this.remote.release({ model: file });
      await this.remote.summary({ model: file });
      return true;
    } catch {
      return false;
    }
  }

  private async renew(written: string | null): Promise<void> {
    this.series = null;
    if (written !== null) this.adopted.delete(written);
    this.changed(await this.all(), written);
  }
}
