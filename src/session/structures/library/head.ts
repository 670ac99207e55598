/** A head that was put into a list when it was replaced: `model.fc = nn.Sequential(nn.Dropout(), nn.Linear(512, 10))`. */
import type { StateDict } from "../../../formats/index.ts";

/** The state dict as if its head stood alone. */
export interface Unlisted {
  readonly weights: StateDict;
  /** What was assumed, in words. */
  readonly assumed: string;
}

const LISTED = /^(.+)\.(\d+)\.(weight|bias)$/;

/**
 * The last layer under the name of its list, where it is all that the list holds: a weight of two axes and a bias. Null where there is no
 * such list. What else stands in it has no weights, such as dropout, and is not known.
 */
export function unlisted(weights: StateDict): Unlisted | null {
  const { tensors } = weights;
  const found = tensors.flatMap(({ name, shape }) => {
    const [, list = "", place = "", what] = LISTED.exec(name) ?? [];
    return what === "weight" && shape.length === 2 ? [{ list, place }] : [];
  });
  const heads = found.filter(({ list, place }) => {
    const inList = tensors.filter(({ name }) => name.startsWith(`${list}.`));
    return inList.length === 2 && inList.every(({ name }) => name.startsWith(`${list}.${place}.`));
  });
  const last = heads.at(-1);
  if (!last) return null;
  const { list, place } = last;
  const own = `${list}.${place}.`;
  const renamed = tensors.map((tensor) =>
    tensor.name.startsWith(own)
      ? { ...tensor, name: `${list}.${tensor.name.slice(own.length)}` }
      : tensor,
  );
  return {
    weights: { path: weights.path, tensors: renamed },
    assumed: `'${list}.${place}' is the last layer, and beside it in '${list}' stands nothing but dropout`,
  };
}
