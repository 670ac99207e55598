/** What package.json says of model files, by the host's list, and the texts that it needs. */
import { MODEL_NAME, OFFERED_EXTENSIONS, OPENED_EXTENSIONS } from "../../src/host/model-files.ts";

const MANIFEST = "package.json";
const TEXTS = ["package.nls.json", "package.nls.de.json", "package.nls.zh-cn.json"];

/** A JSON file of the root, by its name. */
type Read = (name: string) => unknown;
interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, { when?: string }[]>>;
    readonly customEditors: { readonly priority: string; selector: unknown[] }[];
  };
}

/** What the menus ask of a file's name, and the files that the editors are for. */
function nameModels({ menus, customEditors }: Manifest["contributes"]): void {
  for (const item of Object.values(menus).flat())
    if (item.when !== undefined)
      item.when = item.when.replace(/(?<=resourceFilename =~ )\/\(\\\..*?\$\/i/, () =>
        String(MODEL_NAME),
      );

  for (const editor of customEditors) {
    const extensions = editor.priority === "default" ? OPENED_EXTENSIONS : OFFERED_EXTENSIONS;
    editor.selector = extensions.map((own) => ({ filenamePattern: `*.${own}` }));
  }
}

/** The files as they should be, by name, and the texts that they lack. */
export function manifestFiles(read: Read): {
  files: Readonly<Record<string, unknown>>;
  missing: readonly string[];
} {
  const manifest = read(MANIFEST) as Manifest;
  nameModels(manifest.contributes);
  const used = new Set(
    [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => String(key)),
  );
  const texts = TEXTS.map((name) => [name, read(name) as Record<string, string>] as const);
  const missing = texts.flatMap(([name, own]) =>
    [...used].filter((key) => !own[key]).map((key) => `${key} in ${name}`),
  );
  const trimmed = texts.map(
    ([name, own]): readonly [string, unknown] =>
      [name, Object.fromEntries(Object.entries(own).filter(([key]) => used.has(key)))] as const,
  );
  return { files: { [MANIFEST]: manifest, ...Object.fromEntries(trimmed) }, missing };
}
