/** Which of several networks with the same keys and shapes it is, as far as somebody says so. */
import { inputError } from "../../../base/errors.ts";
import { namesIn, settingIn, type Said } from "../said.ts";
import type { LibraryNetwork } from "./index-file.ts";
import type { Known } from "./library.ts";

/** The one that is named, under that name and with who names it; all of them where none is. */
export function settled(
  known: readonly Known[],
  said: readonly Said[],
): readonly (Known & { readonly why: string })[] {
  for (const each of said)
    for (const { network } of known) {
      const own = nameIn(each, network);
      if (own !== undefined)
        return [{ network, name: own.replace("/", " "), why: `as ${each.by} says` }];
    }
  return known.map((one) => ({ ...one, why: "by its keys and shapes" }));
}

/** The name of a network that somebody uses. */
const nameIn = (said: Said, { names, settings }: LibraryNetwork): string | undefined =>
  namesIn(said)
    // of a family (transformers' `vit`) that has nothing but sizes beside its settings, which are checked
    .map((name) =>
      name === settings["model_type"] ? names[0] : names.find((full) => means(name, full)),
    )
    .find((full) => full !== undefined);

/** Libraries are seldom named with it; whether a training had auxiliary heads, their keys tell. */
const means = (name: string, full: string): boolean =>
  [full, full.slice(full.indexOf("/") + 1)].some((own) => own.replace(/\+.*/, "") === name);

/** Throws a ConvLensError of kind `input` where its constructor was told what no weight shows, and another thing here. */
export function checkSettings({ name, network }: Known, said: readonly Said[]): void {
  for (const each of said)
    for (const [key, own] of Object.entries(network.settings)) {
      const other = settingIn(each, key);
      if (other === undefined || nameIn(each, network) === undefined) continue;
      if (JSON.stringify(other) === JSON.stringify(own)) continue;
      throw inputError(
        `${name} has ${key} ${JSON.stringify(own)}, and ${each.by} says ${JSON.stringify(other)}; export the network to a .pt2 file.`,
      );
    }
}
