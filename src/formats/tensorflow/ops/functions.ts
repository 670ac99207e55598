/** Functions of one number, by TensorFlow's names. */
import { leakyRelu, operationsIn, type Value } from "../../lower/index.ts";
import type { Operation } from "../operation.ts";

/** Takes the operation for its attributes, and what it works on. */
type Function = (op: Operation, x: Value) => Value;

const plain = [...operationsIn("tensorflow")].flatMap(([name, { operands, run }]) =>
  operands === 1 ? [[name, (op, x) => run(op.l, x)] as [string, Function]] : [],
);
/** TF.js names the slope's attribute otherwise when it is fused. */
const slope = (op: Operation): number => op.float("alpha", op.float("leakyrelu_alpha", 0.2));

/** Those of the table of names, and what has a setting. */
export const FUNCTIONS: ReadonlyMap<string, Function> = new Map<string, Function>([
  ...plain,
  ["LeakyRelu", (op, x) => leakyRelu(op.l, x, slope(op))],
]);
