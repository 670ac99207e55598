import type { Remote } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { Series } from "../../shared/contract/training.ts";
import { usageError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { readSeries, watchSeries, type SeriesWatch, type Written } from "./series.ts";

/**
 * The checkpoints beside a panel's model: any of them can be looked at in its place, as the model itself is (its preprocessing and labels hold
 * for all). `changed` is told of the series and of the file that was written.
 */
export class Training {
  private series: Promise<Series> | null = null;
  private readonly adopted = new Set<string>();
  private renewing: Promise<void> = Promise.resolve();
  /** Checkpoints that were told of: one that is written again stays among them meanwhile. */
  private readonly shown = new Set<string>();
  private readonly watching: SeriesWatch;

  constructor(
    private readonly remote: Remote<ComputeContract>,
    private readonly model: string,
    private readonly changed: (series: Series, written: Written) => void,
  ) {
    this.watching = watchSeries(
      model,
      (file) => this.isReadable(file),
      (written) => {
        // one after the other: what is told last is the newest
        this.renewing = this.renewing.then(() => this.renew(written));
      },
    );
  }

  /** What is being written for the first time comes when it is whole. */
  all(): Promise<Series> {
    this.series ??= readSeries(this.model).then((found) => {
      const isWhole = ({ path }: Series[number]): boolean =>
        this.shown.has(path) || !this.watching.isWaitedFor(path);
      const series = found.filter(isWhole);
      for (const { path } of series) this.shown.add(path);
      return series;
    });
    return this.series;
  }

  /** Whether a page was told of `file` as one of the checkpoints. */
  wasTold(file: string): boolean {
    return this.shown.has(file);
  }

  async has(file: string): Promise<boolean> {
    return (await this.all()).some(({ path }) => path === file);
  }

  /** Makes `checkpoint` answer as the model does. Throws a ConvLensError of kind `usage` for a file that is not of the series. */
  async adopt(checkpoint: string): Promise<void> {
    if (checkpoint === this.model || this.adopted.has(checkpoint)) return;
    if (!(await this.has(checkpoint)))
      throw usageError(t("There is no checkpoint '{0}' beside the model any more.", checkpoint));
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
      // opened anew where it has changed; letting it go by force would break what is computed with it
      await this.remote.summary({ model: file });
      return true;
    } catch {
      return false;
    }
  }

  private async renew(written: Written): Promise<void> {
    this.series = null;
    this.adopted.delete(written.file);
    if (written.state !== "whole") this.shown.delete(written.file);
    this.changed(await this.all(), written);
  }
}
