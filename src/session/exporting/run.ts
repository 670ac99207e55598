/** One run of the helper in a person's own Python: a private folder, a time limit, no shell. */
import path from "node:path";
import { ConvLensError, inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { runCommand } from "../../native/command.ts";
import { RouteError } from "../../native/reasons.ts";
import type { Control } from "../../shared/control.ts";
import { exportCommand, type ExportRequest } from "../../shared/export-request.ts";
import { helperFile } from "./helper.ts";

/** What the helper has written, and the person's own files that it read. */
export interface Written {
  /** In the folder. */
  readonly file: string;
  /** What was called: `Net(classes=10)`. */
  readonly call: string;
  readonly sources: readonly { readonly path: string; readonly sha256: string }[];
}

const MOST_ANSWER = 1 << 20;

/**
 * Runs the helper in `folder`, an empty one. Its own lines are progress, what the script and libraries print goes to `log`. Throws a
 * ConvLensError: of kind `input` with the reason where the program cannot be run, `cancelled` on abort; the process has ended then.
 */
export async function runHelper(
  request: ExportRequest,
  folder: string,
  { signal, progress }: Control,
  log: (text: string) => void,
): Promise<Written> {
  const [python = "", ...words] = exportCommand(await helperFile(), request);
  const lines = byLine((message) => {
    progress({ message });
  });
  try {
    await runCommand(python, words, {
      ...{ cwd: folder, avoid: [], signal, limitSeconds: request.limitSeconds },
      env: environment(process.env, folder),
      heard: (text, from) => {
        if (from === "out") lines(text);
        else log(text);
      },
    });
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    const told = await answer(folder).catch(() => null);
    throw inputError(`${nameOf(request)} cannot be exported: ${told?.error ?? error.message}.`);
  }
  const { file, call, sources, error } = await answer(folder);
  if (typeof file !== "string" || path.basename(file) !== file || error !== undefined)
    throw inputError(`${nameOf(request)} cannot be exported: ${error ?? "it gave no answer"}.`);
  return {
    file: path.join(folder, file),
    call: plainText(String(call)),
    sources: sourcesIn(sources),
  };
}

const nameOf = ({ script, entry }: ExportRequest): string => `${path.basename(script)}:${entry}`;

/** Python of another program (a bundle, an editor) is told nothing of ours, and what libraries leave goes with the folder; the rest is the person's. */
function environment(
  { PYTHONHOME: _, ...env }: NodeJS.ProcessEnv,
  folder: string,
): NodeJS.ProcessEnv {
  const temporary = { TMPDIR: folder, TMP: folder, TEMP: folder };
  return { ...env, ...temporary, CUDA_VISIBLE_DEVICES: "", PYTHONDONTWRITEBYTECODE: "1" };
}

interface Answer {
  readonly file?: unknown;
  readonly call?: unknown;
  readonly sources?: unknown;
  readonly error?: string;
}
async function answer(folder: string): Promise<Answer> {
  const file = path.join(folder, "result.json");
  const bytes = await readBounded(file, { what: "The answer", most: MOST_ANSWER, within: folder });
  const parsed: unknown = JSON.parse(bytes.toString("utf8"));
  if (typeof parsed !== "object" || parsed === null)
    throw new ConvLensError("input", "The helper gave no answer.");
  const { error, ...rest } = parsed as Record<string, unknown>;
  return { ...rest, ...(typeof error === "string" && { error }) };
}

function sourcesIn(json: unknown): Written["sources"] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((entry: unknown) => {
    const { path: file, sha256 } = Object(entry) as { path?: unknown; sha256?: unknown };
    return typeof file === "string" && typeof sha256 === "string" ? [{ path: file, sha256 }] : [];
  });
}

/** Gives whole lines on, the last one when it ends. */
function byLine(told: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") told(line.trimEnd());
  };
}
