/** What exporters record about a node: its module in the training code, and the line that made it. */
import type { SourceLine } from "../../graph/index.ts";
import type { OnnxNode } from "./proto.ts";

const PREFIX = "pkg.torch.onnx.";

/** The paths of the PyTorch modules around a node, outermost first: `layer1`, `layer1.0`, `layer1.0.conv1`. */
export function modulePaths({ name, metadata }: OnnxNode): string[] {
  const scopes = metadata.get(`${PREFIX}name_scopes`);
  // the last entry is the operation itself
  if (scopes !== undefined)
    return [...scopes.matchAll(/'([^']*)'/g)]
      .map(([, path = ""]) => path)
      .slice(0, -1)
      .filter(Boolean);
  if (!name.startsWith("/")) return [];
  return joined(name.split("/").slice(1, -1));
}

/** PyTorch's older exporter writes `/layer1/layer1.0/conv1/Conv`: children of a Sequential repeat its name. */
function joined(parts: readonly string[]): string[] {
  const paths: string[] = [];
  let [path, before] = ["", ""];
  for (const part of parts) {
    if (path === "") path = part;
    else if (part.startsWith(`${before}.`)) path = path.slice(0, -before.length) + part;
    else path = `${path}.${part}`;
    before = part;
    paths.push(path);
  }
  return paths;
}

/** The innermost line of code that is not PyTorch's own. */
export function sourceLine({ metadata }: OnnxNode): SourceLine | null {
  const trace = metadata.get(`${PREFIX}stack_trace`) ?? "";
  const frames = [...trace.matchAll(/File "([^"\n]+)", line (\d+)/g)].map(
    ([, file = "", line = ""]) => ({
      file,
      line: Number(line),
    }),
  );
  return frames.findLast(({ file }) => !/[/\\]torch[/\\]/.test(file)) ?? frames.at(-1) ?? null;
}
