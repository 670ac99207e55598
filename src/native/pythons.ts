import { join } from "node:path";

/** Where the interpreter of an environment may lie: of venv or conda. */
export const pythonsIn = (environment: string): string[] =>
  process.platform === "win32"
    ? [join(environment, "Scripts", "python.exe"), join(environment, "python.exe")]
    : [join(environment, "bin", "python")];

/** Interpreters that a shell with this environment would use, the likeliest first: paths, and names to be found on PATH. */
export function pythonsOf(env: NodeJS.ProcessEnv): string[] {
  const environments = [env["VIRTUAL_ENV"] ?? "", env["CONDA_PREFIX"] ?? ""].filter(Boolean);
  return [...environments.flatMap(pythonsIn), "python3", "python"];
}
