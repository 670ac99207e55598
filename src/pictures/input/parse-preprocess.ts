import { nearest, usageError } from "../../base/errors.ts";
import {
  isCropped,
  isInterpolation,
  NAMED_SCALINGS,
  type PixelScaling,
  type Resizing,
} from "../../base/preprocessing.ts";

type ParsedPreprocess = PixelScaling & Partial<Resizing>;

const FORM =
  "mean=0.485:0.456:0.406,std=0.229:0.224:0.225,scale=1/255,order=rgb,fit=crop,cropped=0.875,interpolation=bilinear";
const ORDERS = ["rgb", "bgr", "gray"] as const;
const FITS = ["crop", "squash"] as const;

/**
 * Reads `NAME` (of NAMED_SCALINGS, also with `,fit=squash` after it) or `mean=..,std=..,scale=..,order=..,fit=..,cropped=..,interpolation=..`; numbers per
 * channel are separated by `:`, and a number may be a fraction such as 1/255. `auto` gives null. Throws a usage error.
 */
export function parsePreprocess(text: string): ParsedPreprocess | null {
  const [first = "", ...others] = text.split(",").map((part) => part.trim());
  if (first === "auto" && others.length === 0) return null;
  const isName = !first.includes("=");
  const start = isName ? named(first) : named("none");
  return (isName ? others : [first, ...others]).reduce(assign, start);
}

function named(name: string): ParsedPreprocess {
  const scaling = NAMED_SCALINGS[name];
  if (scaling) return scaling;
  const names = Object.keys(NAMED_SCALINGS);
  throw usageError(
    `There is no preprocessing '${name}' (nearest: ${nearest(name, names, 1).join("")}): use auto, ${names.join(", ")}, or ${FORM}.`,
  );
}

function assign(scaling: ParsedPreprocess, part: string): ParsedPreprocess {
  const [key, value] = part.split("=", 2);
  if (key === "scale") return { ...scaling, scale: toNumber(part, value) };
  if (key === "mean") return { ...scaling, mean: toNumbers(part, value) };
  if (key === "std") {
    const std = toNumbers(part, value);
    if (std.includes(0)) throw bad(part);
    return { ...scaling, std };
  }
  const order = ORDERS.find((candidate) => candidate === value);
  if (key === "order" && order) return { ...scaling, order };
  const fit = FITS.find((candidate) => candidate === value);
  if (key === "fit" && fit) return { ...scaling, fit };
  if (key === "cropped" && isCropped(toNumber(part, value)))
    return { ...scaling, cropped: toNumber(part, value) };
  if (key === "interpolation" && isInterpolation(value))
    return { ...scaling, interpolation: value };
  throw bad(part);
}

function toNumbers(part: string, value: string | undefined): number[] {
  return (value ?? "").split(":").map((text) => toNumber(part, text));
}

function toNumber(part: string, text: string | undefined): number {
  const [above = "", below = "1"] = (text ?? "").split("/");
  const number = Number(above) / Number(below);
  if (above.trim() === "" || !Number.isFinite(number)) throw bad(part);
  return number;
}

const bad = (part: string): Error =>
  usageError(`'${part}' is not understood in --preprocess; it looks like ${FORM}.`);
