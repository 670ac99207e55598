import { isList, isObject, member, text, type Json } from "../json.ts";

/** What Keras restores from bytecode, by the name of its class: a layer, or a function that any layer may be given. */
const BYTECODE = /^(.*>)?(Lambda|__lambda__)$/;
/** Where Keras' own objects come from; others are imported from where the file says. */
const OWN = /^(keras|tf_keras|tensorflow)(\.|$)/;

/**
 * Names of the layers that hold Python code, or name some that is not Keras' own, wherever it stands in them. Keras can run it when it loads
 * such a file: old versions unasked, others where they are told to. Nothing here does.
 */
export function codeInside(json: Json): string[] {
  const found = new Set<string>();
  const visit = (value: Json, owner: string): void => {
    if (isList(value)) for (const one of value) visit(one, owner);
    if (!isObject(value)) return;
    const own = text(member(member(value, "config"), "name")) ?? owner;
    const module = text(member(value, "module"));
    const isCode =
      BYTECODE.test(text(member(value, "class_name")) ?? "") ||
      text(member(value, "function_type")) === "lambda" ||
      (module !== null && !OWN.test(module));
    if (isCode) found.add(own);
    for (const one of Object.values(value)) visit(one, own);
  };
  visit(json, "?");
  return [...found];
}
