/** What a training gets wrong without an error: a loss that expects logits behind a softmax, and the reverse. */
import type { Node } from "web-tree-sitter";
import type { CodeFinding, Library } from "../shared/contract/code.ts";
import { spanOf } from "./losses.ts";
import { memberOf } from "./python/attributes.ts";
import { lineOf } from "./python/interpreter.ts";
import { layersIn } from "./python/layers.ts";
import type { Holder, Run } from "./python/run.ts";
import type { ClassValue, Value } from "./python/values.ts";

/** What is wrong between the losses and the models of the same library; nothing is said where a script has models that end differently. */
export function findingsOf(run: Run): CodeFinding[] {
  return run.losses.flatMap((loss): CodeFinding[] => {
    const ends = outermost(run, loss.library).map(endOf);
    const [first] = ends;
    if (!first || ends.some((end) => end?.gives !== first.gives)) return [];
    if (first.gives === loss.takes) return [];
    const softmax = first.gives === "probabilities";
    if (!softmax && loss.library === "torch") return [];
    return [
      {
        code: softmax ? "softmax-into-logits" : "logits-into-probabilities",
        span: spanOf(loss.node),
        output: first.line,
        fix:
          loss.node.type === "keyword_argument" && /^from_logits/.test(loss.node.text)
            ? `from_logits=${softmax ? "False" : "True"}`
            : null,
      },
    ];
  });
}

/** Models that are no part of another one. */
function outermost(run: Run, library: Library): Holder[] {
  const own = run.holders.filter((holder) => holder.library === library);
  const parts = own.map((holder) => new Set(layersIn(holder.value).map(({ built }) => built)));
  return own.filter((_, i) => {
    const mine = parts[i];
    if (!mine || mine.size === 0) return false;
    return !parts.some((other, j) => {
      const contains = [...mine].every((built) => other.has(built));
      return j !== i && contains && (other.size > mine.size || j < i);
    });
  });
}

interface End {
  readonly gives: "logits" | "probabilities";
  readonly line: number;
}

/** How a model ends, where that can be told. */
function endOf({ value }: Holder): End | null {
  if (value.kind === "instance") {
    const returned = returnOf(value.of);
    if (!returned) return null;
    if (/(^|\.)softmax$/.test(calleeOf(returned)))
      return { gives: "probabilities", line: lineOf(returned) };
    const attribute = /^self\.(\w+)$/.exec(calleeOf(returned))?.[1];
    const last = attribute === undefined ? undefined : value.attributes.get(attribute);
    return last ? endOfLayers(last) : null;
  }
  return endOfLayers(value);
}

function endOfLayers(value: Value): End | null {
  // what a tensor came through ends with the layer that gave it
  const last = layersIn(value).at(-1)?.built;
  if (!last) return null;
  const { line, className, activation } = last;
  if (className === "Softmax" || activation === "softmax") return { gives: "probabilities", line };
  const linear = activation === null || activation === "linear";
  return /^(Dense|Linear)$/.test(className) && linear ? { gives: "logits", line } : null;
}

/** The call that `forward` (or `call`) returns, be it in the statement or in the variable that it names. */
function returnOf(of: ClassValue): Node | null {
  const member = memberOf(of, "forward") ?? memberOf(of, "call");
  const body =
    member?.value.kind === "function" ? member.value.node.childForFieldName("body") : null;
  const returned = body?.descendantsOfType("return_statement").at(-1)?.namedChildren[0];
  if (!body || !returned) return null;
  if (returned.type !== "identifier") return returned.type === "call" ? returned : null;
  const assigned = body
    .descendantsOfType("assignment")
    .filter((node) => node.childForFieldName("left")?.text === returned.text)
    .at(-1)
    ?.childForFieldName("right");
  return assigned?.type === "call" ? assigned : null;
}

const calleeOf = (call: Node): string => call.childForFieldName("function")?.text ?? "";
