import {
  NAMED_SCALINGS,
  parseInputSize,
  type Interpolation,
  type PixelScaling,
  type Preprocessing,
  type Resizing,
} from "../../../src/base/preprocessing.ts";
import { t } from "../../common/text/index.ts";

/** What the editor's fields hold: text as typed. */
export interface PreprocessingForm {
  readonly order: PixelScaling["order"];
  readonly scale: string;
  readonly mean: string;
  readonly std: string;
  readonly fit: Preprocessing["fit"];
  /** As they are: no field changes them. */
  readonly cropped?: number;
  readonly interpolation?: Interpolation;
  /** Rows and columns; null where the model's file fixes them. */
  readonly size: string | null;
}

/** What the list of usual scalings says, by their names in `NAMED_SCALINGS`. */
export const RECIPE_TITLES: Readonly<Record<string, string>> = {
  none: t("0..255, as the pixels are"),
  "0..1": t("0..1: pixel / 255"),
  "-1..1": t("−1..1: pixel / 127.5 − 1"),
  torch: t("PyTorch ImageNet: mean and std of 0..1 RGB"),
  caffe: t("Caffe: BGR minus mean"),
  lite: t("EfficientNet-Lite: (pixel − 127) / 128"),
};

/** The fields' text for a preprocessing: the inverse of `fromForm`. */
export function toForm(
  p: PixelScaling & Resizing & Pick<Preprocessing, "size">,
): PreprocessingForm {
  return {
    order: p.order,
    scale: scaleText(p.scale),
    mean: p.mean.join(", "),
    std: p.std.join(", "),
    fit: p.fit,
    ...(p.cropped !== undefined && { cropped: p.cropped }),
    ...(p.interpolation !== undefined && { interpolation: p.interpolation }),
    size: p.size ? p.size.join(" x ") : null,
  };
}

/** 1/255 is shown as that, not as 0.00392156862745098. */
function scaleText(scale: number): string {
  const inverse = Number((1 / scale).toFixed(6));
  return scale !== 1 && Math.abs(1 / inverse - scale) < 1e-15
    ? `1/${String(inverse)}`
    : String(scale);
}

/** The name of the recipe that a form equals, or null. */
export function recipeOf(form: PreprocessingForm): string | null {
  const parsed = fromForm(form);
  if (typeof parsed === "string") return null;
  const key = (p: PixelScaling): string => JSON.stringify([p.order, p.scale, p.mean, p.std]);
  const found = Object.entries(NAMED_SCALINGS).find(([, scaling]) => key(scaling) === key(parsed));
  return found?.[0] ?? null;
}

/** The preprocessing that the fields say, or what is wrong with them in one sentence. */
export function fromForm(form: PreprocessingForm): Preprocessing | string {
  const scale = fraction(form.scale);
  if (scale === null || scale === 0) return t("The scale must be a number such as 1/255 or 0.5.");
  const mean = numbers(form.mean);
  const std = numbers(form.std);
  const channels = form.order === "gray" ? 1 : 3;
  for (const [name, list] of [[t("mean"), mean] as const, [t("std"), std] as const])
    if (!list || (list.length !== 1 && list.length !== channels))
      return t(
        channels === 3
          ? "The {0} must be one number, or three with commas between them."
          : "The {0} must be one number.",
        name,
      );
  if (!mean || !std || std.includes(0)) return t("The std must not be 0.");
  const size = form.size === null ? null : parseInputSize(form.size);
  if (form.size !== null && !size) return t("The size must be rows x columns, such as 224 x 224.");
  const { order, fit, cropped, interpolation } = form;
  const resizing = {
    ...(cropped !== undefined && { cropped }),
    ...(interpolation !== undefined && { interpolation }),
  };
  const why = "You chose it in the panel.";
  return { order, scale, mean, std, fit, ...resizing, ...(size && { size }), source: "user", why };
}

function fraction(text: string): number | null {
  const [top = "", bottom = "1", more] = text.split("/").map((part) => part.trim());
  const value = Number(top) / Number(bottom);
  return top === "" || bottom === "" || more !== undefined || !Number.isFinite(value)
    ? null
    : value;
}

/** Numbers with commas or blanks between them; null: something else, or none. */
export function numbers(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter(Boolean);
  const values = parts.map(Number);
  return values.length > 0 && values.every(Number.isFinite) ? values : null;
}
