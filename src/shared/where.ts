/** Where in an output the class is that is explained, and how that is written: `box:240`, `pixel:10,12`, `predicted`. */
import { usageError } from "../base/errors.ts";
import type { Pair } from "../graph/ops/attributes.ts";

/** A place in an output; together with a class there it is a target. Numbers count from 0. */
export type Where =
  /** A row of a detector's boxes; with `unit` one of its numbers (a coordinate, the objectness) in place of a class. */
  | { readonly kind: "box"; readonly box: number; readonly unit?: number }
  /** A position of a segmentation, in rows and columns of the output. */
  | { readonly kind: "pixel"; readonly row: number; readonly column: number }
  /** The positions that a picture marks (not black), of the output's size or of the network's input's. */
  | { readonly kind: "region"; readonly file: string }
  /** The positions inside a polygon, those that it passes included; its corners are positions, in rows and columns of the output. */
  | { readonly kind: "polygon"; readonly corners: readonly Pair[] }
  /** The positions where the network itself sees the class: Seg-Grad-CAM (Vinogradova et al. 2020). */
  | { readonly kind: "predicted" }
  /** One number of a regression or an embedding. */
  | { readonly kind: "unit"; readonly unit: number }
  /** A step of a sequence. */
  | { readonly kind: "token"; readonly token: number }
  /** How alike an embedding is to that of another picture (a path): the cosine of both. */
  | { readonly kind: "like"; readonly file: string }
  /** All positions alike. */
  | { readonly kind: "mean" };

type Kind = Where["kind"];

/** Of a polygon: it is part of what a panel keeps, and of a line of code. */
export const MOST_CORNERS = 200;

/** What is written behind the kind, and how it is read; null: it is not written so. */
const WORDS: { readonly [K in Kind]: Wording<Extract<Where, { kind: K }>> } = {
  box: {
    form: "box:N[,class:K]",
    text: ({ box, unit }) => `:${box}${unit === undefined ? "" : `,unit:${unit}`}`,
    read: (text) => {
      const [, box, unit] = /^:(\d+)(?:,unit:(\d+))?$/.exec(text) ?? [];
      if (box === undefined) return null;
      return { kind: "box", box: Number(box), ...(unit !== undefined && { unit: Number(unit) }) };
    },
  },
  pixel: {
    form: "pixel:ROW,COLUMN[,class:K]",
    text: ({ row, column }) => `:${row},${column}`,
    read: (text) => {
      const [, row, column] = /^:(\d+),(\d+)$/.exec(text) ?? [];
      return row === undefined ? null : { kind: "pixel", row: Number(row), column: Number(column) };
    },
  },
  region: {
    form: "region:FILE.png[,class:K]",
    text: ({ file }) => `:${file}`,
    read: (text) => (text.length > 1 ? { kind: "region", file: text.slice(1) } : null),
  },
  polygon: {
    form: "polygon:ROW,COLUMN,ROW,COLUMN,…[,class:K]",
    text: ({ corners }) => `:${corners.flat().join()}`,
    read: (text) => {
      if (!/^:\d+(?:,\d+)+$/.test(text)) return null;
      const numbers = text.slice(1).split(",").map(Number);
      const corners = numbers.flatMap((row, i): Pair[] => {
        const column = numbers[i + 1];
        return i % 2 === 0 && column !== undefined ? [[row, column]] : [];
      });
      const fits = numbers.length === 2 * corners.length && corners.length > 2;
      return fits && corners.length <= MOST_CORNERS ? { kind: "polygon", corners } : null;
    },
  },
  predicted: {
    form: "predicted[,class:K]",
    text: () => "",
    read: (text) => (text === "" ? { kind: "predicted" } : null),
  },
  unit: {
    form: "unit:N",
    text: ({ unit }) => `:${unit}`,
    read: (text) => (/^:\d+$/.test(text) ? { kind: "unit", unit: Number(text.slice(1)) } : null),
  },
  token: {
    form: "token:N[,class:K]",
    text: ({ token }) => `:${token}`,
    read: (text) => (/^:\d+$/.test(text) ? { kind: "token", token: Number(text.slice(1)) } : null),
  },
  like: {
    form: "like:PICTURE",
    text: ({ file }) => `:${file}`,
    read: (text) => (text.length > 1 ? { kind: "like", file: text.slice(1) } : null),
  },
  mean: {
    form: "mean[,class:K]",
    text: () => "",
    read: (text) => (text === "" ? { kind: "mean" } : null),
  },
};
interface Wording<W extends Where> {
  readonly form: string;
  readonly text: (where: W) => string;
  readonly read: (text: string) => W | null;
}

const FORMS = ["class:K", ...Object.values(WORDS).map(({ form }) => form)];

/** `pixel:10,12`: as `--target` takes it. */
export const whereText = (where: Where): string => {
  const { text } = WORDS[where.kind] as Wording<Where>;
  return `${where.kind}${text(where)}`;
};

/**
 * A target as it is written: `class:285`, `box:240,class:0`, `pixel:10,12,class:2`. `where` is null where only a class is named, `classes`
 * where none is; classes are text still, numbers or labels. Throws a usage error that lists the forms.
 */
export function parseTarget(text: string): { where: Where | null; classes: string | null } {
  const [, place = "", classes = null] = /^(.*?)(?:(?:^|,)class:(.+))?$/s.exec(text) ?? [];
  if (place === "" && classes !== null) return { where: null, classes };
  const kind = /^[a-z]+/.exec(place)?.[0] ?? "";
  const where = isKind(kind) ? WORDS[kind].read(place.slice(kind.length)) : null;
  if (where) return { where, classes };
  throw usageError(`'${text}' is no target: give one of ${FORMS.join(", ")}.`);
}

/** The place that a text names; null where it names none. */
export function whereOf(text: string): Where | null {
  try {
    return parseTarget(text).where;
  } catch {
    return null;
  }
}

/** The file that a place names; null: it names none. */
export const fileOf = (where: Where | null): string | null =>
  where?.kind === "region" || where?.kind === "like" ? where.file : null;

const isKind = (name: string): name is Kind => Object.hasOwn(WORDS, name);
