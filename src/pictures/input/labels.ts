import { inputError } from "../../base/errors.ts";
import { readBounded, type Bounds } from "../../files/read-bounded.ts";
import { plainText } from "../../base/plain-text.ts";

/** Names of a million classes. */
const MOST_BYTES = 1 << 26;

/** Class names of a labels file: one a line, or a JSON array of strings. Whether their number fits is the caller's to check. */
export async function readLabels(
  path: string,
  bounds: Pick<Bounds, "within"> = {},
): Promise<string[]> {
  const bytes = await readBounded(path, { what: "The labels file", most: MOST_BYTES, ...bounds });
  if (bytes.includes(0)) throw inputError(`The labels file ${path} is not text.`);
  return labelsIn(bytes.toString("utf8"), path);
}

/** The same of the text of a file that is called `path`. */
export function labelsIn(text: string, path: string): string[] {
  const labels = parseLabels(text.replace(/^\uFEFF/, ""), path);
  if (labels.length === 0) throw inputError(`The labels file ${path} is empty.`);
  return labels.map((label) => plainText(label));
}

function parseLabels(text: string, path: string): string[] {
  if (text.trimStart().startsWith("[")) {
    const parsed = parseJson(text, path);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
    throw inputError(`The labels file ${path} is JSON, but not an array of strings.`);
  }
  const trimmed = text.trimEnd();
  return trimmed === "" ? [] : trimmed.split(/\r?\n/);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw inputError(`The labels file ${path} is not valid JSON.`, { cause });
  }
}
