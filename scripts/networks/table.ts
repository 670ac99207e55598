/** The README's table of networks. */
import { at } from "../../src/base/at.ts";

/** What was found of a network: a line of measured.json. */
export interface Network {
  readonly kind: keyof typeof KINDS;
  readonly name: string;
  /** All of its layers run. */
  readonly opens: boolean;
  /** The largest difference of an output from PyTorch's, over its largest number; null where it gave none. */
  readonly logits: number | null;
  /** Whether maps of two classes are there, finite and not all zero. */
  readonly gradCam: boolean;
  readonly integrated: boolean;
  /** The largest difference of those maps from PyTorch's, over the largest number; null where they were not compared. */
  readonly apart?: { readonly gradCam: number | null; readonly integrated: number | null };
  /** The first reason against it. */
  readonly why?: string;
  readonly engine: string;
}

/** Groups of it, in words. */
const KINDS = {
  library: "Known by heart: fine-tuned to 7 classes, the weights alone",
  own: "A script of one's own, exported once",
  torchscript: "TorchScript",
  ultralytics: "Ultralytics' files, made by their published layout",
};
/** In the order of the table. */
export const sorted = (networks: readonly Network[]): Network[] => {
  const order = Object.keys(KINDS);
  return networks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
};
const BEGIN = "<!-- networks: written by scripts/networks.mjs -->";
const END = "<!-- /networks -->";

/** `text` with the table between its two marks. */
export function table(text: string, networks: readonly Network[]): string {
  const [before = "", rest = ""] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new RangeError(`the README has no '${BEGIN}' and '${END}'`);
  const yes = (value: boolean): string => (value ? "yes" : "no");
  const maps = (hold: boolean, apart: number | null | undefined): string =>
    typeof apart === "number" ? `${yes(hold)}, ${apart.toExponential(1)}` : yes(hold);
  const rows = Object.entries(KINDS).flatMap(([kind, title]) => {
    const own = networks.filter((one) => one.kind === kind);
    const lines = own.map(({ name, opens, logits, gradCam, integrated, apart }) => [
      ...[name, yes(opens), logits === null ? "–" : logits.toExponential(1)],
      ...[maps(gradCam, apart?.gradCam), maps(integrated, apart?.integrated)],
    ]);
    return own.length === 0 ? [] : [[`**${title}** (${own.length})`, "", "", "", ""], ...lines];
  });
  const head = ["network", "opens", "logits", "Grad-CAM", "Integrated Gradients"];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => at(row, i).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(at(widths, i))).join(" | ")} |`;
  const lines = [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
  const reasons = networks.flatMap(({ name, why }) => (why ? [`- ${name}: ${why}`] : []));
  const no = reasons.length > 0 ? `What says no, in its words:\n\n${reasons.join("\n")}\n\n` : "";
  return `${before}${BEGIN}\n\n${lines}\n\n${no}${END}${after}`;
}
