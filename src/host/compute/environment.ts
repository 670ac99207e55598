/**
 * How glibc gives memory: in large pages, and up to 256 MB that were freed are kept for the next run. A run of a graph takes and
 * frees tens of megabytes, and getting those again page by page costs 10 to 15 % of it. Other C libraries pass this over.
 */
export const MEMORY_IN_LARGE_PAGES: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: [
    "glibc.malloc.hugetlb=1",
    `glibc.malloc.mmap_threshold=${2 ** 25}`,
    `glibc.malloc.trim_threshold=${2 ** 28}`,
    `glibc.malloc.top_pad=${2 ** 26}`,
  ].join(":"),
};

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
  return {
    ...MEMORY_IN_LARGE_PAGES,
    ...Object.fromEntries(kept),
    ...(electron && { ELECTRON_RUN_AS_NODE: "1" }),
  };
}
