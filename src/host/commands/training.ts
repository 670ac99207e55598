import path from "node:path";
import { Uri, workspace } from "vscode";
import { t } from "../../shared/l10n.ts";
import { whyNotOnDisk } from "../panels/register.ts";
import { readSeries } from "../panels/series.ts";
import type { Choice } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";
import type { Services } from "../services.ts";
import { seriesOf, templateOf } from "../../shared/series.ts";
import type { Command } from "./ids.ts";
import { showError, showWarning } from "../notices.ts";

/** `convlens.followTraining`: the checkpoints of a folder as one training, the newest first to be seen, later ones as they are written. */
export const followTraining =
  (services: Services): Command =>
  async (arg) => {
    const refusal = arg instanceof Uri ? whyNotOnDisk(arg) : null;
    if (refusal !== null) return void showError(refusal);
    const given = arg instanceof Uri ? arg.fsPath : null;
    const newest = (given && (await newestOf(given))) ?? (await pickSeries(services));
    if (newest === null) return;
    await services.panels.inspect(newest, { lens: "training", checkpoint: null, follow: true });
  };

async function newestOf(model: string): Promise<string | null> {
  return (await readSeries(model)).at(-1)?.path ?? null;
}

async function pickSeries({ files }: Services): Promise<string | null> {
  const found = (await files.list()).filter(({ scheme }) => scheme === "file");
  const choices = seriesChoices(found.map(({ fsPath }) => fsPath));
  if (choices.length > 0) return pick(t("Follow Training"), t("Which training?"), choices);
  void showWarning(
    t(
      "No checkpoints were found: files of one folder whose names differ in a number, such as epoch_01.keras and epoch_02.keras.",
    ),
  );
  return null;
}

/** Every series among the models of the workspace, with its newest checkpoint. */
function seriesChoices(files: readonly string[]): Choice<string>[] {
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const folder = path.dirname(file);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path.basename(file)]);
  }
  return [...byFolder].flatMap(([folder, names]) => {
    const templates = new Map(names.map((name) => [templateOf(name), name]));
    return [...templates].flatMap(([template, name]) => {
      const steps = seriesOf(name, names);
      const last = steps.at(-1);
      if (!last) return [];
      return [
        {
          icon: "history",
          label: template,
          description: t("{0} checkpoints in {1}", steps.length, workspace.asRelativePath(folder)),
          value: path.join(folder, last.name),
        },
      ];
    });
  });
}
