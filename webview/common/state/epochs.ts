import type { CallOptions } from "../../../src/rpc/index.ts";
import type { Animated } from "../../../src/shared/contract/training.ts";
import { send, type App } from "./app.ts";
import { t } from "../text/l10n.ts";
import { fileName } from "../text/file-name.ts";

/** In the menu of a lens: what it shows, over the checkpoints of the training, as an animation; nothing where there is none. */
export function epochsItem(
  from: EventTarget,
  { series, trusted, remote, summary }: App,
  of: Animated | null,
): { label: string; run(options: CallOptions): Promise<void> }[] {
  if (series.length < 2 || !trusted || of === null) return [];
  const save = async (options: CallOptions): Promise<void> => {
    const bytes = await remote.animate({ of }, options);
    const name = `${fileName(summary.name, of.layer, of.kind)}.gif`;
    send(from, "convlens-save", { name, bytes });
  };
  return [{ label: t("Save the training as an animation (GIF)…"), run: save }];
}
