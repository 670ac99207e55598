/**
 * The environment of the compute process: ours without what steers VS Code, Electron or a debugger. On desktop the
 * executable is Electron, which is Node only while ELECTRON_RUN_AS_NODE is set.
 */
export function childEnvironment(
  env: Readonly<NodeJS.ProcessEnv>,
  electron: boolean,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_INSPECT)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...(electron && { ELECTRON_RUN_AS_NODE: "1" }) };
}
