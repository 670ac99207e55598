import { readFile } from "node:fs/promises";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";

/** Class names of a labels file: one a line, or a JSON array of strings. Whether their number fits is the caller's to check. */
export async function readLabels(path: string): Promise<string[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw inputError(`The labels file ${path} cannot be read.`, { cause });
  });
  if (bytes.includes(0)) throw inputError(`The labels file ${path} is not text.`);
  const labels = parseLabels(bytes.toString("utf8").replace(/^\uFEFF/, ""), path);
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
