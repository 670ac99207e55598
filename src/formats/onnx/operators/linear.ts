import * as cf from "../../lower/index.ts";
import type { Operators } from "../call.ts";

export const linear: Operators = [
  ["MatMul", (call) => cf.matMul(call.l, call.x, call.input(1))],
  [
    "Gemm",
    (call) =>
      cf.gemm(call.l, [call.x, call.input(1), call.optional(2)], {
        alpha: call.float("alpha", 1),
        beta: call.float("beta", 1),
        transposeA: call.int("transA", 0) === 1,
        transposeB: call.int("transB", 0) === 1,
      }),
  ],
];
