/** What library/index.json says of the networks that ConvLens knows. Written by `npm run structures`, shipped in dist/library. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A network of the library: one program, and every name under which it is known. */
export interface LibraryNetwork {
  /** `torchvision/resnet50`; the first one is what it was recorded from. The others compute the same. */
  readonly names: readonly string[];
  /** sha256 of the packed structure, which is its file's name. */
  readonly file: string;
  /** See fingerprint.ts. */
  readonly keys: string;
  readonly shapes: string;
  /** Keys whose sizes follow the number of classes, or of a picture's channels. */
  readonly free: readonly string[];
  /** Rows and columns of the pictures that it was recorded with. */
  readonly side: readonly [number, number];
  /** What its library does to pictures before. */
  readonly pictures: {
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly interpolation?: string | null;
    /** The part of the shorter side that is cut out. */
    readonly cropped?: number | null;
    /** Who says so. */
    readonly by: string;
  };
  /** Of its constructor, by their names in config.json: what no weight shows. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A list in labels.json: the classes of its published weights. */
  readonly labels: string | null;
}

/** The library's own files lie beside the bundle, or in the repository when run from source. */
const FOLDER = new URL(
  import.meta.url.endsWith(".ts") ? "../../../../library/" : "./library/",
  import.meta.url,
);
/** Where a file of the library lies. */
export const libraryFile = (name: string): string => fileURLToPath(new URL(name, FOLDER));

let networks: Promise<readonly LibraryNetwork[]> | null = null;
/** All of them, in the order in which people meet them; none where the library did not come along. */
export function libraryNetworks(): Promise<readonly LibraryNetwork[]> {
  networks ??= readFile(libraryFile("index.json"), "utf8").then(
    (text) => (JSON.parse(text) as { readonly networks: readonly LibraryNetwork[] }).networks,
    () => [],
  );
  return networks;
}

/** The names of classes under one of `LibraryNetwork.labels`; null where there are none. */
export async function libraryLabels(name: string): Promise<readonly string[] | null> {
  const text = await readFile(libraryFile("labels.json"), "utf8").catch(() => "{}");
  const lists = new Map(Object.entries(JSON.parse(text) as Record<string, readonly string[]>));
  return lists.get(name) ?? null;
}
