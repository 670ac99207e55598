/**
 * The operators that are understood: what is the same in every format by the table of names, and the families of those with
 * settings. Adding one: a row in `lower/names.ts`, or a line in its family's list.
 */
import { operationsIn, range, refuseMore, type NamedOperation } from "../../lower/index.ts";
import type { Operator, Operators } from "../call.ts";
import { activations } from "./activation.ts";
import { arithmetic } from "./arithmetic.ts";
import { convolutions } from "./convolution.ts";
import { indexing } from "./indexing.ts";
import { pooling } from "./pooling.ts";
import { shaping } from "./shaping.ts";
import { suppressions } from "./suppression.ts";

const named = (
  operations: ReadonlyMap<string, NamedOperation>,
  word: (name: string) => string,
): Operators =>
  [...operations].map(([name, { operands, run }]) => [
    word(name),
    (call) => {
      refuseMore(call.l.name, operands, call.count);
      return run(call.l, ...range(operands).map((i) => call.input(i)));
    },
  ]);

/** By the names of `operator-codes.ts`; what the converter left to TensorFlow itself is called `Flex...`. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...named(operationsIn("tensorflow"), (name) => `Flex${name}`),
  ...named(operationsIn("tflite"), (name) => name),
  ...convolutions,
  ...pooling,
  ...activations,
  ...arithmetic,
  ...shaping,
  ...indexing,
  ...suppressions,
]);
