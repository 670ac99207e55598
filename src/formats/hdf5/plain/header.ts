import { expect, word, type Pages } from "./pages.ts";

/** Kinds of messages in an object header (HDF5 file format 3.0, IV.A.2). */
export const KIND = {
  dataspace: 0x01,
  datatype: 0x03,
  layout: 0x08,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;
/** Padding, fill values (every number is in the file), comments, times, sizes of trees, counts of links. */
const IGNORED: readonly number[] = [0x00, 0x04, 0x05, 0x0d, 0x0e, 0x12, 0x13, 0x16];
const READ: readonly number[] = Object.values(KIND);

const MESSAGE_HEAD = 8;
const SHARED = 2;

/** A header message of an object (HDF5 file format 3.0, IV.A). */
export interface Message {
  readonly kind: number;
  readonly body: Buffer;
}

/** The messages of the object header at `address`, version 1. */
export function messagesOf(pages: Pages, address: number): Message[] {
  const head = pages.bytes(address, 16);
  expect(head[0] === 1, "version 1");
  const blocks = [{ start: address + 16, length: head.readUInt32LE(8) }];
  const messages: Message[] = [];
  // continuations are appended while the list is walked; what the pages give out in all is bounded
  for (const { start, length } of blocks) {
    const block = pages.bytes(start, length);
    for (let at = 0; at + MESSAGE_HEAD <= length;) {
      const kind = block.readUInt16LE(at);
      const size = block.readUInt16LE(at + 2);
      const end = at + MESSAGE_HEAD + size;
      expect(end <= length, "a whole message");
      const body = block.subarray(at + MESSAGE_HEAD, end);
      if (kind === KIND.continuation) blocks.push({ start: word(body, 0), length: word(body, 8) });
      else if (READ.includes(kind)) {
        expect((block.readUInt8(at + 4) & SHARED) === 0, "a message of its own");
        messages.push({ kind, body });
      } else expect(IGNORED.includes(kind), "a known message");
      at = end;
    }
  }
  return messages;
}
