/** What is worth a word about a script and what it learned; no editor is involved. */
import type { CodeFinding, CodeSpan, SizeUse } from "../../shared/contract/code.ts";
import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import { plural, t } from "../../shared/l10n.ts";
import type { ReadScript } from "./links.ts";
import type { DeadCount } from "./dead.ts";

/** Kinds of problems: two that the code alone tells, one of its sizes, one of the last census. */
export type ProblemCode =
  "softmax-into-logits" | "logits-into-probabilities" | "input-size" | "dead-filters";

/** What is underlined in a script: lines from 1, columns from 0, in the person's language. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly span: CodeSpan;
  /** False: worth knowing, and maybe meant so. */
  readonly serious: boolean;
  /** Another line that belongs to it, and why. */
  readonly beside: { readonly line: number; readonly message: string } | null;
  /** A quick fix that puts `text` in place of `span`; null where none is safe. */
  readonly fix: { readonly title: string; readonly text: string } | null;
}

/** Below this share a few dead filters are what ReLU networks have. */
const MANY = 0.5;

/** `deadOf`: what the last census counted of a layer; null where nothing was counted. */
export function problemsOf(
  { script, linked }: Pick<ReadScript, "script" | "linked">,
  deadOf: (layer: string) => DeadCount | null,
): Problem[] {
  const own = script.findings.map(({ code, span, output, fix }): Problem => ({
    ...{ code, span, serious: true },
    message: lossWords(code)[0],
    beside: { line: output, message: lossWords(code)[1] },
    fix: fix === null ? null : { title: t("Change to {0}", fix), text: fix },
  }));
  if (!linked) return own;
  const dead = linked.links.links.flatMap(({ layer, script: made }): Problem[] => {
    const count = deadOf(layer);
    return count && count.dead >= MANY * count.filters ? [deadLayer(layer, made.line, count)] : [];
  });
  return [...own, ...sizeProblems(script.sizes, linked.summary), ...dead];
}

/** What is wrong, and what stands where the network ends. */
function lossWords(code: CodeFinding["code"]): readonly [string, string] {
  return code === "softmax-into-logits"
    ? [
        t(
          "The network ends in a softmax, and this loss takes its outputs for logits: softmax is applied twice, gradients become small and probabilities flat.",
        ),
        t("The softmax is here."),
      ]
    : [
        t(
          "The network ends in logits, and this loss takes its outputs for probabilities: add a softmax, or let the loss know with from_logits=True.",
        ),
        t("The network ends here."),
      ];
}

function deadLayer(layer: string, line: number, { dead, filters, images }: DeadCount): Problem {
  const all = dead === filters;
  const counted = [filters, layer, dead] as const;
  return {
    code: "dead-filters",
    message: all
      ? plural(
          images,
          "All {1} filters of '{2}' are dead over {0} picture: nothing passes this layer.",
          "All {1} filters of '{2}' are dead over {0} pictures: nothing passes this layer.",
          ...counted,
        )
      : plural(
          images,
          "{3} of {1} filters of '{2}' are dead over {0} picture.",
          "{3} of {1} filters of '{2}' are dead over {0} pictures.",
          ...counted,
        ),
    span: { line, column: 0, endLine: line, endColumn: Number.MAX_SAFE_INTEGER },
    ...{ serious: all, beside: null, fix: null },
  };
}

/** A resize may be followed by a crop: where one gives the right size nothing is wrong. */
function sizeProblems(sizes: readonly SizeUse[], summary: ModelSummary): Problem[] {
  const input = inputSize(summary);
  if (!input) return [];
  const [height, width] = input;
  const fits = (use: SizeUse): boolean => use.height === height && use.width === width;
  const cropped = sizes.some((use) => use.kind === "crop" && fits(use));
  return sizes
    .filter((use) => !fits(use) && (use.kind === "input" || !cropped))
    .map(({ kind, span, height: h, width: w }): Problem => ({
      code: "input-size",
      message: sizeText(kind, h, w, summary.name, height, width),
      span,
      serious: kind !== "input",
      ...{ beside: null, fix: null },
    }));
}

function sizeText(kind: SizeUse["kind"], ...values: readonly (string | number)[]): string {
  switch (kind) {
    case "input":
      return t(
        "The network is built for pictures of {0} × {1}; the input of {2} is {3} × {4}.",
        ...values,
      );
    case "resize":
      return t("Pictures are resized to {0} × {1}; the input of {2} is {3} × {4}.", ...values);
    case "crop":
      return t("Pictures are cropped to {0} × {1}; the input of {2} is {3} × {4}.", ...values);
  }
}

/** Rows and columns of the model's picture; null where they are free or it takes none. */
export function inputSize({ layers, inputs }: ModelSummary): readonly [number, number] | null {
  const layer: LayerSummary | undefined = layers.find(({ op }) => op === "input");
  const shape = layer?.mapShape ?? inputs[0]?.shape;
  if (shape?.length !== 4) return null;
  const channelsFirst = !layer?.mapShape && Number(shape[1]) <= 4 && Number(shape[3]) > 4;
  const [height, width] = channelsFirst ? shape.slice(2) : shape.slice(1);
  return typeof height === "number" && typeof width === "number" ? [height, width] : null;
}
