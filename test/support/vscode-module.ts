/** Imported before what imports `vscode`: the module is then `vscode.ts` of this folder. */
import { register } from "node:module";

const stub = new URL("vscode.ts", import.meta.url).href;
const hook = `export const resolve = (name, context, next) =>
  next(name === "vscode" ? ${JSON.stringify(stub)} : name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
