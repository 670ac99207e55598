/** Which layer a node belongs to: the module that was called, by the stack of modules that the exporter recorded. */
import type { SourceLine } from "../../graph/index.ts";
import { isArgs, isRef, type Arg, type ExportedNode } from "./schema.ts";

/** The innermost module of a node. */
export interface ModuleCall {
  /** One call of it: the same module called twice has two. */
  readonly key: string;
  readonly path: string;
  /** Without its package: `Conv2d`. */
  readonly className: string;
  readonly isTorch: boolean;
}

/** `L__self___conv1,conv1,torch.nn.modules.conv.Conv2d`, one for each module, with semicolons between. */
export function moduleOf({ moduleStack }: ExportedNode): ModuleCall | null {
  const last = moduleStack.split(";").at(-1)?.split(",");
  if (!last || last.length < 3) return null;
  const [key = "", ...rest] = last;
  const full = rest.at(-1) ?? "";
  if (!full.includes(".")) return null;
  return {
    key,
    path: pathOf(rest.slice(0, -1).join(",")),
    className: full.slice(full.lastIndexOf(".") + 1),
    isTorch: full.startsWith("torch.nn."),
  };
}
/** `L['self'].layer1[0].conv` -> `layer1.0.conv`; `getattr(L['self'].features, '0')` -> `features.0` */
const pathOf = (written: string): string =>
  written
    .replaceAll("getattr(", "")
    .replace(/, '([^']*)'\)/g, ".$1")
    .replace(/^L\['\w+'\]\.?/, "")
    .replace(/@\d+$/, "")
    .replace(/\._modules\['([^']*)'\]/g, ".$1")
    .replace(/\[['"]?(\w+)['"]?\]/g, ".$1")
    .replace(/^\./, "");

/** The last line outside of PyTorch itself; installed packages count only where there is nothing else. */
export function sourceOf({ stackTrace }: Pick<ExportedNode, "stackTrace">): SourceLine | null {
  const frames = [...stackTrace.matchAll(/File "([^"\n]{1,1000})", line (\d+)/g)].map(
    ([, file = "", line]) => ({ file: file.replaceAll("\\", "/"), line: Number(line) }),
  );
  const outside = frames.filter(
    ({ file }) => !/(^|\/)torch\/(nn|fx|_|export|functional)/.test(file),
  );
  return (
    outside.findLast(({ file }) => !file.includes("/site-packages/")) ?? outside.at(-1) ?? null
  );
}

/** Nodes that make one layer. */
export interface Group {
  readonly nodes: ExportedNode[];
  readonly module: ModuleCall | null;
  /** The whole call of a module, not one operation of it. */
  readonly whole: boolean;
}

const HEAVY = /\.(conv\w*|convolution|linear|addmm|mm|bmm|matmul|\w*pool\w*)\./;

/** Consecutive nodes of one call of a module without modules inside become one layer; others stand alone. */
export function groupNodes(nodes: readonly ExportedNode[]): Group[] {
  const calls = nodes.map(moduleOf);
  const paths = new Set(calls.flatMap((call) => (call ? [call.path] : [])));
  const outer = new Set<string>();
  for (const path of paths)
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1))
      outer.add(path.slice(0, dot));
  const heavy = new Map<string, number>();
  nodes.forEach(({ target }, i) => {
    const key = calls[i]?.key;
    if (key !== undefined && HEAVY.test(target)) heavy.set(key, (heavy.get(key) ?? 0) + 1);
  });
  const isLeaf = ({ path, key, isTorch }: ModuleCall): boolean =>
    path !== "" && !outer.has(path) && (isTorch || (heavy.get(key) ?? 0) <= 1);
  const groups: Group[] = [];
  nodes.forEach((node, i) => {
    const module = calls[i] ?? null;
    const whole = module !== null && isLeaf(module);
    const last = groups.at(-1);
    const goes = last?.whole === true && whole && last.module?.key === module.key;
    if (goes && last.module.path === module.path && follows(node, last.nodes))
      last.nodes.push(node);
    else groups.push({ nodes: [node], module, whole });
  });
  return groups;
}

/** A node that takes nothing from the nodes before it is another call. */
function follows(node: ExportedNode, before: readonly ExportedNode[]): boolean {
  const made = new Set(before.flatMap(({ outputs }) => outputs));
  const uses = (arg: Arg): boolean =>
    isArgs(arg) ? arg.some(uses) : isRef(arg) && made.has(arg.ref);
  return [...node.inputs.values()].some(uses);
}

/** `torch.ops.aten.conv2d.default` -> `conv2d` */
export const operationOf = (target: string): string => {
  const [first, second, , name, overload] = target.split(".");
  if (first === "torch" && second === "ops") return name ?? overload ?? target;
  return target.slice(target.lastIndexOf(".") + 1);
};
