import type { DType } from "../../../base/tensor.ts";

/** As which a type of PyTorch is computed, half and double precision in single; null for one that is not told or not known. */
export function dtypeOf(type: string): DType | null {
  if (/^(b?float)\d+$/.test(type)) return "float32";
  if (/^u?int\d+$/.test(type)) return "int32";
  return type === "bool" ? "bool" : null;
}
