/** How the layers of a model are called: one after the other, or where their tensors are ready; models inside models. */
import { inputError } from "../../base/errors.ts";
import type { Shape } from "../../base/tensor.ts";
import { Lowering, reshape, show } from "../lower/index.ts";
import { Impossible } from "../lower/unsupported.ts";
import { tensorsOf, type Call, type TensorRef } from "./calls.ts";
import { inputShapeOf, sequentialShape } from "./inputs.ts";
import type { Assembly, Flow } from "./assembly.ts";
import { isStepwise, type KerasLayer, type KerasModel } from "./model.ts";

/** `given` are the tensors that a nested model is called with; null at the top, where inputs are made. */
export function lowerModel(
  assembly: Assembly,
  model: KerasModel,
  prefix: string,
  given: readonly Flow[] | null,
): Flow[] {
  return model.kind === "sequential"
    ? lowerSequential(assembly, model, prefix, given)
    : lowerFunctional(assembly, model, prefix, given);
}

function lowerCall(
  assembly: Assembly,
  layer: KerasLayer,
  prefix: string,
  inputs: readonly Flow[],
  call: Call,
  known: (index: number) => Shape | null,
): Flow[] {
  const path = prefix + layer.name;
  if (!layer.model) return assembly.layer(layer, path, inputs, call, known);
  const model = layer.model;
  const run = (given: readonly Flow[]): Flow[] => lowerModel(assembly, model, `${path}/`, given);
  return isStepwise(layer.className) ? stepwise(assembly, path, inputs, run) : run(inputs);
}

/** Each step of a sequence alone: [N, T, ...] as [N * T, ...], and back. Throws `Impossible` for what is no sequence. */
function stepwise(
  { network }: Assembly,
  path: string,
  inputs: readonly Flow[],
  run: (given: readonly Flow[]) => Flow[],
): Flow[] {
  const l = new Lowering(network, path);
  const [batch = 0, steps = 0] = inputs.find(({ unknown }) => unknown === null)?.value.shape ?? [];
  const seen = (flow: Flow, lead: number[], gone: number): Flow => {
    if (flow.unknown !== null) return flow;
    try {
      const shape = [...lead, ...flow.value.shape.slice(gone)];
      return { ...flow, value: reshape(l, flow.value, shape) };
    } catch {
      throw new Impossible(`'${path}' goes through steps of ${show(flow.value.shape)}`);
    }
  };
  const rows = inputs.map((flow) => seen(flow, [batch * steps], 2));
  return run(rows).map((flow) => seen(flow, [batch, steps], 1));
}

function lowerSequential(
  assembly: Assembly,
  model: KerasModel,
  prefix: string,
  given: readonly Flow[] | null,
): Flow[] {
  let values = given ?? [sequentialInput(assembly, model)];
  model.layers.forEach((layer, i) => {
    if (layer.className === "InputLayer") {
      if (i > 0) checkInput(layer, values);
      return;
    }
    const shape = model.layers[i + 1]?.buildShape ?? null;
    values = lowerCall(assembly, layer, prefix, values, sequentialCall(values), () => shape);
  });
  return [...values];
}

/** Throws `Impossible` where an input layer behind others tells another shape than what comes there. */
function checkInput(layer: KerasLayer, [given]: readonly Flow[]): void {
  const told = inputShapeOf(layer)?.slice(1);
  const is = given?.unknown === null ? given.value.shape.slice(1) : null;
  const fits = told?.length === is?.length && told?.every((n, i) => n === null || n === is?.[i]);
  if (told && is && fits !== true)
    throw new Impossible(
      `'${layer.name}' takes [${told.join(", ")}] a picture, and [${is.join(", ")}] come there`,
    );
}

function sequentialInput(assembly: Assembly, model: KerasModel): Flow {
  const [first] = model.layers;
  const shape = sequentialShape(model, (layer) => assembly.weightsOf(layer), assembly.notes);
  if (!first || !shape)
    throw inputError(
      `'${assembly.file}' does not tell the shape of its input; call the model once, or give it an Input layer, before saving.`,
    );
  const isInput = first.className === "InputLayer";
  return assembly.input(isInput ? first.name : `${first.name}_input`, shape, isInput);
}

const sequentialCall = (values: readonly Flow[]): Call => ({
  args: values.map(() => ({
    kind: "tensor",
    ref: { layer: "", call: 0, index: 0, shape: null },
  })),
  kwargs: new Map(),
});

/** Calls wait until their tensors are there: a file may list layers in any order. */
function lowerFunctional(
  assembly: Assembly,
  model: KerasModel,
  prefix: string,
  given: readonly Flow[] | null,
): Flow[] {
  const values = new Map<string, Flow>();
  const inner = new Map(model.layers.map((layer) => [layer.name, layer]));
  const refs = [...model.layers.flatMap(({ calls }) => calls.flatMap(tensorsOf)), ...model.outputs];
  const keyOf = keys(inner, refs);
  const shapes = new Map(refs.flatMap((ref) => (ref.shape ? [[keyOf(ref), ref.shape]] : [])));
  checkInputs(model);
  model.inputs.forEach((ref, i) => {
    const value = given ? given[i] : inputLayer(assembly, inner.get(ref.layer));
    if (value) values.set(keyOf(ref), value);
  });
  let pending = model.layers.flatMap((layer) =>
    layer.calls.map((call, n) => ({ layer, call, n, needs: tensorsOf(call).map(keyOf) })),
  );
  while (pending.length > 0) {
    const waiting = pending.filter(({ layer, call, n, needs }) => {
      const inputs = needs.flatMap((key) => values.get(key) ?? []);
      if (inputs.length !== needs.length) return true;
      if (n === 0 && needs.length === 0 && layer.className === "InputLayer") return false;
      const known = (i: number): Shape | null => shapes.get(`${layer.name}|${n}|${i}`) ?? null;
      lowerCall(assembly, layer, prefix, inputs, call, known).forEach((value, i) =>
        values.set(`${layer.name}|${n}|${i}`, value),
      );
      return false;
    });
    if (waiting.length === pending.length)
      throw disconnected(assembly, waiting[0]?.layer.name ?? "");
    pending = waiting;
  }
  return model.outputs.map((ref) => {
    const value = values.get(keyOf(ref));
    if (!value) throw disconnected(assembly, ref.layer);
    return value;
  });
}

/** Throws `Impossible` for an input that is named twice, and for one that something is computed into. */
function checkInputs({ inputs, layers }: KerasModel): void {
  const names = inputs.map(({ layer }) => layer);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Impossible(`its input '${twice}' is named twice`);
  const fed = layers.find(
    ({ className, calls }) =>
      className === "InputLayer" && calls.some((call) => tensorsOf(call).length > 0),
  );
  if (fed) throw new Impossible(`its input '${fed.name}' takes what others compute`);
}

function inputLayer(assembly: Assembly, layer: KerasLayer | undefined): Flow | null {
  if (!layer) return null;
  const shape = inputShapeOf(layer);
  if (!shape)
    throw inputError(
      `'${assembly.file}' does not tell the shape of its input '${layer.name}'; save the model again.`,
    );
  return assembly.input(layer.name, shape, true);
}

const disconnected = (assembly: Assembly, layer: string): Error =>
  inputError(
    `'${assembly.file}' connects its layer '${layer}' to tensors that it does not describe; save the model again.`,
  );

/** `layer|call|output`; calls of nested models are counted from 1 in most files, from 0 in some. */
function keys(
  layers: ReadonlyMap<string, KerasLayer>,
  refs: readonly TensorRef[],
): (ref: TensorRef) => string {
  const fromZero = new Set(refs.filter(({ call }) => call === 0).map(({ layer }) => layer));
  return ({ layer, call, index }) => {
    const nested = layers.get(layer)?.model !== null && layers.has(layer);
    const n = nested && !fromZero.has(layer) ? call - 1 : call;
    return `${layer}|${n}|${index}`;
  };
}
