import { usageError } from "../../base/errors.ts";

/** The filters of --filter, numbers with commas between or `all`. Throws a usage error for one that is not there. */
export function filterNumbers(text: string, count: number, layer: string): number[] {
  if (text.trim() === "all") return [...Array(count).keys()];
  return text.split(",").map((part) => {
    const filter = Number(part);
    if (part.trim() === "" || !Number.isInteger(filter) || filter < 0 || filter >= count)
      throw usageError(`Filter '${part}' is outside 0..${count - 1} of layer '${layer}'.`);
    return filter;
  });
}
