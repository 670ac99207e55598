import { sizeOf } from "../../../base/tensor.ts";
import type { ByteSource } from "../../bytes/source.ts";
import type { Stored } from "../../bytes/numbers.ts";
import { membersOf } from "./group.ts";
import { KIND, messagesOf, type Message } from "./header.ts";
import { expect, Pages, word } from "./pages.ts";
import { Texts, type Text } from "./texts.ts";
import { shapeOf, typeOf, type ElementType } from "./types.ts";

interface Group {
  readonly kind: "group";
  readonly names: readonly string[];
  readonly attributes: ReadonlyMap<string, Text>;
}
/** What a data set's header tells. */
export interface Dataset {
  readonly kind: "dataset";
  readonly shape: readonly number[];
  readonly stored: Stored;
  readonly position: number;
  readonly bytes: number;
  readonly attributes: ReadonlyMap<string, Text>;
}

const SIGNATURE = "\x89HDF\r\n\x1a\n";
const MOST_DEPTH = 100;
const CONTIGUOUS = 1;

/**
 * Every object of a file by its path, without a slash in front. Throws an error of any kind for a file that is not of the plainest sort: groups
 * with symbol tables, headers of version 1, numbers in one piece, little-endian.
 */
export function readTree(source: ByteSource): Map<string, Group | Dataset> {
  const pages = new Pages(source);
  const texts = new Texts(pages);
  const head = pages.bytes(0, 96);
  expect(head.toString("latin1", 0, 8) === SIGNATURE && head[8] === 0, "version 0");
  expect(head[13] === 8 && head[14] === 8 && word(head, 24) === 0, "8 bytes from the start");
  expect(word(head, 40) <= source.size, "a file that is whole");
  const tree = new Map<string, Group | Dataset>();
  const seen = new Set<number>();
  const walk = (path: string, address: number, depth: number): void => {
    expect(!seen.has(address) && depth <= MOST_DEPTH, "a tree");
    seen.add(address);
    const messages = messagesOf(pages, address);
    const attributes = new Map(
      messages
        .filter(({ kind }) => kind === KIND.attribute)
        .map(({ body }) => texts.attribute(body))
        .map(({ name, value }) => [name, value]),
    );
    const table = only(messages, KIND.symbolTable);
    if (!table) {
      tree.set(path, datasetOf(messages, attributes, source.size));
      return;
    }
    expect(!only(messages, KIND.layout), "a group");
    const members = membersOf(pages, word(table, 0), word(table, 8));
    tree.set(path, { kind: "group", names: members.map(({ name }) => name), attributes });
    for (const { name, address: of } of members) {
      expect(!name.includes("/") && name !== ".", "a name");
      walk(path === "" ? name : `${path}/${name}`, of, depth + 1);
    }
  };
  walk("", word(head, 64), 0);
  return tree;
}

function datasetOf(
  messages: readonly Message[],
  attributes: Dataset["attributes"],
  size: number,
): Dataset {
  const [space, type, layout] = [KIND.dataspace, KIND.datatype, KIND.layout].map((kind) =>
    only(messages, kind),
  );
  expect(!!space && !!type && !!layout, "a data set");
  expect((layout[0] === 3 || layout[0] === 4) && layout[1] === CONTIGUOUS, "in one piece");
  const shape = shapeOf(space);
  const element = typeOf(type);
  const stored = numbers(element, attributes);
  expect(shape !== null && stored !== null, "numbers");
  const [position, bytes] = [word(layout, 2), word(layout, 10)];
  expect(bytes === sizeOf(shape) * element.size && position + bytes <= size, "all its bytes");
  return { kind: "dataset", shape, stored, position, bytes, attributes };
}

/** Keras marks bfloat16, which NumPy cannot name, by an attribute. */
function numbers({ size, kind }: ElementType, attributes: Dataset["attributes"]): Stored | null {
  if (size === 2 && (kind === "opaque" || attributes.has("dtype"))) return "b2";
  return kind === "text" || kind === "texts of any length" || kind === "opaque" ? null : kind;
}

function only(messages: readonly Message[], wanted: number): Buffer | undefined {
  const found = messages.filter(({ kind }) => kind === wanted);
  expect(found.length < 2, "one of a kind");
  return found[0]?.body;
}
