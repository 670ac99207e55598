/** Follows a pickled module through the classes that are known, as their documentation describes them. */
import { refsIn, Unbounded, type Recorder, type Scope } from "../aten/recorder.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Ref } from "../pt2/schema.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import type { Forward, Module, Walk } from "./module.ts";

/** How a stored tensor of the file is found. */
export type Stored = (name: string, module: Module, own: string) => StoredTensor;

const MAX_DEPTH = 100;

/** What `run` calls; a class that is not known is an opaque layer, named. */
export function walkOf(
  recorder: Recorder,
  also: Ref[],
  known: (module: Module) => Forward | null,
  stored: Stored,
): Walk {
  let scope: Scope | null = null;
  let depth = 0;
  let calls = 0;
  const walk: Walk = {
    op: (operation, args) => recorder.one(operation, args, scope),
    ops: (operation, args) => [recorder.call(operation, args, scope)].flat(),
    also: (ref) => {
      also.push(ref);
    },
    shape: (ref) => recorder.shape(ref),
    numbers: (ref) => recorder.numbers(ref).data,
    tensor: (module, name) => {
      const found = module.tensor(name);
      if (!found) return null;
      const full = module.path === "" ? name : `${module.path}.${name}`;
      return recorder.parameter(full, {
        tensor: stored(full, module, name),
        trainable: module.trains(name),
      });
    },
    run: (module, ...inputs) => {
      const outer = scope;
      const { path, className } = module;
      if (path !== "") scope = { key: `${path}@${calls++}`, path, className };
      if (++depth > MAX_DEPTH) throw new Unsupported("its modules nest without end");
      try {
        const forward = known(module);
        if (!forward) throw new Unsupported(`the class '${className}' is not known`);
        if (module.hooked) throw new Unsupported("code hangs on its call, which is never run");
        return forward(module, inputs, walk);
      } catch (error) {
        if (!(error instanceof Unsupported) || error instanceof Unbounded || path === "")
          throw error;
        return recorder.opaque(refsIn(inputs), error.message, scope);
      } finally {
        depth--;
        scope = outer;
      }
    },
  };
  return walk;
}

/** The input of what takes one. */
export function only(inputs: readonly Ref[]): Ref {
  const [first, ...rest] = inputs;
  if (!first || rest.length > 0) throw new Unsupported("it takes one tensor");
  return first;
}
