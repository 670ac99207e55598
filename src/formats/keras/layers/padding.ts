import type { NodeId } from "../../../graph/index.ts";
import { flatNumbers, isList } from "../../json.ts";
import { channelsLast, Unsupported, type LayerSpec, type Scope } from "../scope.ts";

type Border = readonly [before: number, after: number];

/** `1`, `[1, 2]` (rows, columns; or left, right of a sequence) or `[[1, 2], [3, 4]]`, per spatial axis. */
function borders(scope: Scope, key: string, axes: number): Border[] {
  const value = scope.config.get(key);
  if (axes === 1) {
    const [before = 1, after = before] = flatNumbers(value) ?? [1];
    return [[before, after]];
  }
  return Array.from({ length: axes }, (_, axis) => {
    const own = isList(value) ? value[axis] : value;
    const [before = 1, after = before] = flatNumbers(own) ?? [];
    return [before, after] as const;
  });
}

const aroundPositions = (scope: Scope, x: NodeId, key: string): Border[] => {
  const axes = scope.rank(x) - 2;
  if (axes < 1 || axes > 2) throw new Unsupported(`it works on tensors of rank ${axes + 2}`);
  return [[0, 0], ...borders(scope, key, axes), [0, 0]];
};

export const zeroPadding: LayerSpec = {
  lower: (scope) =>
    channelsLast(scope, (x) =>
      scope.op("pad", [x], { paddings: aroundPositions(scope, x, "padding"), value: 0 }),
    ),
};

export const cropping: LayerSpec = {
  lower: (scope) =>
    channelsLast(scope, (x) => {
      const cut = aroundPositions(scope, x, "cropping");
      return scope.op("slice", [x], {
        begin: cut.map(([before]) => before),
        size: cut.map(([before, after], axis) =>
          before + after === 0 ? null : scope.dim(x, axis) - before - after,
        ),
      });
    }),
};
