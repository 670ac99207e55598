/** The Python that a person has selected in VS Code: asked of the extensions that know, where they are there. */
import { extensions, type Uri } from "vscode";

/** An extension, and how it is asked for the interpreter of a file. */
interface Source {
  readonly id: string;
  readonly ask: (api: unknown, resource: Uri) => Promise<unknown>;
}

const SOURCES: readonly Source[] = [
  {
    id: "ms-python.vscode-python-envs",
    ask: async (api, resource) => {
      const environment = await call(api, ["getEnvironment"], resource);
      return field(environment, ["execInfo", "run", "executable"]);
    },
  },
  {
    id: "ms-python.python",
    ask: async (api, resource) => {
      const active = await call(api, ["environments", "getActiveEnvironmentPath"], resource);
      const found = await call(api, ["environments", "resolveEnvironment"], active);
      return field(found, ["executable", "uri", "fsPath"]);
    },
  },
];

/** The path of the interpreter that is selected for a file; null where no extension tells. */
export async function selectedPython(resource: Uri): Promise<string | null> {
  for (const { id, ask } of SOURCES) {
    const extension = extensions.getExtension<unknown>(id);
    if (!extension) continue;
    try {
      const api = extension.isActive ? extension.exports : await extension.activate();
      const found = await ask(api, resource);
      if (typeof found === "string" && found !== "") return found;
    } catch {
      // another version of it, or one that is broken: the next one is asked
    }
  }
  return null;
}

/** Their types are no dependency of ours: whatever is not there as it should be is nothing. */
function field(thing: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (held, name) => (Object(held) as Record<string, unknown>)[name],
    thing,
  );
}

async function call(api: unknown, path: readonly string[], argument: unknown): Promise<unknown> {
  const owner = field(api, path.slice(0, -1)) as Record<string, (argument: unknown) => unknown>;
  const method = owner[path.at(-1) ?? ""];
  return await method?.call(owner, argument);
}
