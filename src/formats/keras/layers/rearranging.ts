/** Operations that give a tensor another shape: their settings name the batch axis too. */
import { flatNumbers, text } from "../../json.ts";
import { setting } from "../operands.ts";
import { Unsupported, type LayerSpec } from "../scope.ts";
import { completed } from "./reshaping.ts";

/** A target shape that names the batch too. */
export const reshape: LayerSpec = {
  lower: (scope) => {
    const target = flatNumbers(
      setting(scope, "newshape", 1) ?? setting(scope, "target_shape") ?? setting(scope, "shape"),
    );
    if (!target) throw new Unsupported("its target shape is computed");
    const [batch = null, ...rest] = scope.shape(scope.x);
    const size = rest.reduce<number>((product, _, i) => product * scope.dim(scope.x, i + 1), 1);
    return scope.reshape(scope.x, [batch, ...completed(target.slice(1), size)]);
  },
};

export const transpose: LayerSpec = {
  lower: (scope) => {
    const perm = flatNumbers(setting(scope, "axes", 1) ?? setting(scope, "perm"));
    if (perm?.[0] !== 0) throw new Unsupported("it moves the batch axis");
    return scope.transpose(scope.x, perm);
  },
};

export const expandDims: LayerSpec = {
  lower: (scope) => {
    const [axis = 0] = flatNumbers(setting(scope, "axis", 1)) ?? [];
    const shape = [...scope.shape(scope.x)];
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    if (at < 1) throw new Unsupported("it adds an axis before the batch");
    shape.splice(at, 0, 1);
    return scope.reshape(scope.x, shape);
  },
};

export const squeeze: LayerSpec = {
  lower: (scope) => {
    const shape = scope.shape(scope.x);
    const given = flatNumbers(setting(scope, "axis", 1));
    const axes = given
      ? scope.axes(scope.x, given)
      : [...shape.keys()].filter((i) => shape[i] === 1);
    return scope.reshape(
      scope.x,
      shape.filter((_, axis) => !axes.includes(axis)),
    );
  },
};

export const pad: LayerSpec = {
  lower: (scope) => {
    const flat = flatNumbers(setting(scope, "pad_width", 1) ?? setting(scope, "paddings"));
    const mode = text(setting(scope, "mode", 2)) ?? "constant";
    const paddings = scope
      .shape(scope.x)
      .map((_, i) => [flat?.[2 * i] ?? 0, flat?.[2 * i + 1] ?? 0] as const);
    if (!flat || flat.length !== paddings.length * 2 || mode.toLowerCase() !== "constant")
      throw new Unsupported("its padding is not understood");
    return scope.op("pad", [scope.x], { paddings, value: 0 });
  },
};
