/** What an input beside the picture is, as fields hold it and as the sidecar says it. */
import type { Beside } from "../../../src/shared/contract/model.ts";
import { statedFile, type Stated } from "../../../src/shared/sidecar.ts";
import { t } from "../../common/text/index.ts";
import { numbers } from "../preprocessing/form.ts";

/** How it is said: not at all, zeros, numbers as typed, the mean over the rows of an array, a file as it is. */
export type Way = "unsaid" | "zeros" | "numbers" | "mean" | "file";

/** What the fields of one input hold. */
export interface BesideForm {
  readonly way: Way;
  readonly numbers: string;
  /** As the sidecar names it, or the path of one that was chosen; null: none yet. */
  readonly file: string | null;
}

/** The fields' text for what the sidecar says: the inverse of `fromForm`. */
export function toForm({ stated }: Pick<Beside, "stated">): BesideForm {
  const empty = { numbers: "", file: null };
  if (stated === null) return { way: "unsaid", ...empty };
  const file = statedFile(stated);
  if (file !== null) return { ...empty, way: typeof stated === "string" ? "file" : "mean", file };
  if (stated === 0) return { way: "zeros", ...empty };
  return { ...empty, way: "numbers", numbers: numbersIn(stated).join(", ") };
}

/** What the fields say (`stated`), or what is wrong with them in one sentence. */
export function fromForm(
  { name, cells }: Pick<Beside, "name" | "cells">,
  form: BesideForm,
): { readonly stated: Stated | null } | { readonly wrong: string } {
  const { way, file } = form;
  if (way === "unsaid") return { stated: null };
  if (way === "zeros") return { stated: 0 };
  if (way === "numbers") {
    const list = numbers(form.numbers);
    const [only] = list ?? [];
    if (only !== undefined && list?.length === 1) return { stated: only };
    if (list?.length === cells) return { stated: list };
    return { wrong: t("'{0}' takes one number for all, or {1} numbers.", name, cells) };
  }
  if (file === null) return { wrong: t("Choose the file of '{0}'.", name) };
  return { stated: way === "mean" ? { mean: file } : file };
}

/** What it is, in a few words. */
export function statedText(stated: Stated | null): string {
  if (stated === null) return t("not said");
  const file = statedFile(stated);
  if (file !== null) return typeof stated === "string" ? file : t("mean of {0}", file);
  const list = numbersIn(stated);
  return list.length > 4 ? t("{0} numbers", list.length) : list.join(", ");
}

function numbersIn(stated: Stated): readonly number[] {
  if (typeof stated === "number") return [stated];
  return typeof stated === "object" && !("mean" in stated) ? stated : [];
}
