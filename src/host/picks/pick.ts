import { window } from "vscode";
import type { Choice } from "./items.ts";

/** A quick pick over rows with values; null when dismissed. Rows are searched by everything they show. */
export async function pick<T>(
  title: string,
  placeHolder: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T | null> {
  const rows = Promise.resolve(choices).then((all): Choice<T>[] => [...all]);
  const chosen = await window.showQuickPick<Choice<T>>(rows, {
    title: `ConvLens: ${title}`,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen ? chosen.value : null;
}
