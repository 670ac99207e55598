import { at } from "../../base/at.ts";

/** Aligned columns, two spaces apart; numbers (and a heading over them) to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = headings.map((_, column) => rows.every((row) => isNumeric(row[column] ?? "")));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        right[column] ? cell.padStart(at(widths, column)) : cell.padEnd(at(widths, column)),
      )
      .join("  ")
      .trimEnd();
  return [headings, ...rows].map(line).join("\n");
}

const isNumeric = (text: string): boolean => /^[-\d.,%eE+ ]*$/.test(text);

/** 1234567 as 1,234,567. */
export const grouped = (value: number): string => value.toLocaleString("en-US");

/** Four significant digits, without needless zeros. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

/** 0.1234 as 12.34 %. */
export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** A shape as a person writes it: N for the free batch axis. */
export const shapeText = (shape: readonly (number | null)[] | null): string =>
  shape ? shape.map((axis) => axis ?? "N").join(" x ") : "?";
