/** The README's table of networks. */
import { at } from "../../src/base/at.ts";

/** What is compared with PyTorch's. */
export type What = "outputs" | "gradient" | "gradCam" | "integrated";

/** What was found of a network: a line of measured.json. */
export interface Network {
  readonly kind: keyof typeof KINDS;
  readonly name: string;
  /** It opens, all of it runs, it can be explained, and everything is within its limit. */
  readonly ok: boolean;
  /** The largest difference from PyTorch's over the largest number; null where it was not compared. */
  readonly apart: Readonly<Record<What, number | null>>;
  /** Up to where that is equal: 1e-4, or four times what PyTorch's own float32 loses. */
  readonly limits: Readonly<Record<What, number | null>>;
  /** PyTorch's module at which Grad-CAM was compared, and whether that is the layer that is taken by itself. */
  readonly layer: string | null;
  readonly isAutomatic: boolean;
  /** What says no. */
  readonly why?: string;
  readonly engine: string;
  readonly seen: string;
}

/** Groups of it, in words. */
const KINDS = {
  library: "Known by heart: fine-tuned to 7 classes, the weights alone",
  own: "A script of one's own, exported once",
  torchscript: "TorchScript, traced and scripted",
  ultralytics: "Ultralytics' files, made by their published layout",
};
/** In the order of the table. */
export const sorted = (networks: readonly Network[]): Network[] => {
  const order = Object.keys(KINDS);
  return networks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
};
const BEGIN = "<!-- networks: written by scripts/networks.mjs -->";
const END = "<!-- /networks -->";
/** What everything has to be within, where PyTorch's own float32 is not farther off. */
const LIMIT = 1e-4;

/** `text` with the table between its two marks. */
export function table(text: string, networks: readonly Network[]): string {
  const [before = "", rest = ""] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new RangeError(`the README has no '${BEGIN}' and '${END}'`);
  const rows = Object.entries(KINDS).flatMap(([kind, title]) => {
    const own = networks.filter((one) => one.kind === kind);
    const lines = own.map((one) => [
      ...[one.name, one.ok ? "yes" : "**no**", number(one, "outputs"), number(one, "gradient")],
      ...[number(one, "gradCam"), layerOf(one), number(one, "integrated")],
    ]);
    const equal = own.filter(({ ok }) => ok).length;
    const heading = `**${title}**: ${equal} of ${own.length}`;
    return own.length === 0 ? [] : [[heading, "", "", "", "", "", ""], ...lines];
  });
  const head = [
    "network",
    "equal",
    "outputs",
    "gradient",
    "Grad-CAM",
    "at",
    "Integrated Gradients",
  ];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => at(row, i).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(at(widths, i))).join(" | ")} |`;
  const lines = [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
  const reasons = networks.flatMap(({ name, why }) => (why ? [`- ${name}: ${why}`] : []));
  const no = reasons.length > 0 ? `What says no, in its words:\n\n${reasons.join("\n")}\n\n` : "";
  return `${before}${BEGIN}\n\n${lines}\n\n${no}${END}${after}`;
}

function number({ apart, limits }: Network, what: What): string {
  const [value, limit] = [apart[what], limits[what]];
  if (value === null || limit === null) return "–";
  const told = value.toExponential(1);
  return value > LIMIT ? `${told} (up to ${limit.toExponential(0)})` : told;
}
const layerOf = ({ layer, isAutomatic }: Network): string =>
  layer === null ? "–" : isAutomatic ? `\`${layer}\`` : `\`${layer}\`, not by itself`;
