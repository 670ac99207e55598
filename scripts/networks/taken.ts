/** What a run of conformance found of networks that open from a file of PyTorch alone. */
import type { Answer } from "../../test/conformance/lib/check.ts";
import type { Network, What } from "./table.ts";

/** The file of `npm run conformance -- --json=FILE`. */
export interface Run {
  readonly results: readonly {
    readonly suite: string;
    readonly engine: { readonly version: string } | null;
    readonly cases: readonly (Answer & { readonly name: string; readonly leftOut?: string })[];
  }[];
}

/** What files the suites open. */
const KIND_OF: Readonly<Record<string, Network["kind"]>> = {
  library: "library",
  own: "own",
  scripted: "torchscript",
  ultralytics: "ultralytics",
};
/** What the comparisons of a suite are called. */
const CALLED: Readonly<Record<What, RegExp>> = {
  outputs: /^output /,
  gradient: /^gradient /,
  gradCam: /^Grad-CAM (?:(?<module>\S+) )?\d+$/,
  integrated: /^Integrated Gradients \d+$/,
};

/** A row for each case. Throws a RangeError for a suite that opens other files. */
export function taken({ results }: Run): readonly Network[] {
  const seen = new Date().toISOString().slice(0, 10);
  return results.flatMap(({ suite, engine, cases }) => {
    const kind = KIND_OF[suite];
    if (kind === undefined || engine === null)
      throw new RangeError(`the suite '${suite}' is none of ${Object.keys(KIND_OF).join(", ")}`);
    return cases
      .filter(({ leftOut }) => leftOut === undefined)
      .map((one) => ({ kind, name: one.name, ...found(one), engine: engine.version, seen }));
  });
}

function found({
  ok,
  error,
  errors,
  limits,
  elsewhere,
}: Answer): Pick<Network, "ok" | "apart" | "limits" | "layer" | "isAutomatic" | "why"> {
  const named = (what: What): string[] =>
    Object.keys(errors).filter((name) => CALLED[what].test(name));
  const most = (what: What, of: Readonly<Record<string, number>>): number | null => {
    const numbers = named(what).map((name) => of[name] ?? Infinity);
    return numbers.length === 0 ? null : Math.max(...numbers);
  };
  const each = (of: Readonly<Record<string, number>>): Record<What, number | null> => ({
    ...{ outputs: most("outputs", of), gradient: most("gradient", of) },
    ...{ gradCam: most("gradCam", of), integrated: most("integrated", of) },
  });
  const [map] = named("gradCam").map((name) => CALLED.gradCam.exec(name)?.groups?.["module"]);
  return {
    ...{ ok, apart: each(errors), limits: each(limits), layer: map ?? null },
    isAutomatic: !named("gradCam").some((name) => elsewhere.includes(name)),
    ...(error && { why: error }),
  };
}
