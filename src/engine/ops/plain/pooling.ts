import { slide, type NodeOf, type PoolAttrs } from "../../../graph/index.ts";

type Loop = (out: Float32Array, ...inputs: Float32Array[]) => void;

/** One window of a pool: its picture, its cell in the output, and the cells [top, bottom) x [left, right) it covers. */
type Visit = (
  image: number,
  cell: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
) => void;

function eachWindow(
  attrs: PoolAttrs,
  [n = 1, h = 1, w = 1]: readonly number[],
  visit: Visit,
): void {
  const [rows, columns] = slide([h, w], attrs.window, attrs.strides, [1, 1], attrs.padding);
  for (let image = 0, cell = 0; image < n; image++)
    for (let i = 0; i < rows.out; i++)
      for (let j = 0; j < columns.out; j++, cell++) {
        const top = i * attrs.strides[0] - rows.before;
        const left = j * attrs.strides[1] - columns.before;
        const bottom = Math.min(h, top + attrs.window[0]);
        const right = Math.min(w, left + attrs.window[1]);
        visit(image, cell, Math.max(0, top), bottom, Math.max(0, left), right);
      }
}

/** (x, dy): each gradient goes to the first largest cell of its window, as in TensorFlow. `shape` is [N, H, W, C]. */
export function maxPoolGradient(node: NodeOf<"maxPoolGrad">, shape: readonly number[]): Loop {
  const [, h = 1, w = 1, channels = 1] = shape;
  return (out, x, dy) => {
    out.fill(0);
    eachWindow(node.attrs, shape, (image, cell, top, bottom, left, right) => {
      for (let c = 0; c < channels; c++) {
        let best = ((image * h + top) * w + left) * channels + c;
        for (let i = top; i < bottom; i++)
          for (let j = left; j < right; j++) {
            const at = ((image * h + i) * w + j) * channels + c;
            if ((x[at] ?? 0) > (x[best] ?? 0)) best = at;
          }
        out[best] = (out[best] ?? 0) + (dy[cell * channels + c] ?? 0);
      }
    });
  };
}

/** (dy): each gradient is shared equally by the cells of the picture in its window. `shape` is [N, H, W, C]. */
export function averagePoolGradient(node: NodeOf<"avgPoolGrad">, shape: readonly number[]): Loop {
  const [, h = 1, w = 1, channels = 1] = shape;
  return (out, dy) => {
    out.fill(0);
    eachWindow(node.attrs, shape, (image, cell, top, bottom, left, right) => {
      const share = 1 / ((bottom - top) * (right - left));
      for (let i = top; i < bottom; i++)
        for (let j = left; j < right; j++) {
          const at = ((image * h + i) * w + j) * channels;
          for (let c = 0; c < channels; c++)
            out[at + c] = (out[at + c] ?? 0) + (dy[cell * channels + c] ?? 0) * share;
        }
    });
  };
}
