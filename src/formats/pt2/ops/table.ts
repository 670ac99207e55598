import type { Value } from "../../lower/index.ts";
import type { Call } from "../call.ts";

/** What an operation computes; several values where it has several outputs, null for one that cannot be had. */
export type Lower = (call: Call) => Value | readonly (Value | null)[];
/** A family of operators by aten's name, without overload and the `_` of in-place ones. */
export type Table = Readonly<Record<string, Lower>>;
