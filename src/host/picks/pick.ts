import { window } from "vscode";
import { plainText } from "../../base/plain-text.ts";
import { row, type Choice, type Row } from "./items.ts";

/** A quick pick over rows with values; null when dismissed. Rows are searched by everything they show. */
export async function pick<T>(
  title: string,
  placeHolder: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T | null> {
  const rows = Promise.resolve(choices).then((all) => all.map(row));
  const chosen = await window.showQuickPick<Row<T>>(rows, {
    title: `ConvLens: ${title}`,
    placeHolder: plainText(placeHolder),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen ? chosen.value : null;
}
