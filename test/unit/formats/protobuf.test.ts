import assert from "node:assert/strict";
import { Message, type Field } from "../../../src/formats/bytes/protobuf.ts";
import type { ByteSource } from "../../../src/formats/bytes/source.ts";

const source = (...bytes: number[]): ByteSource => {
  const all = Uint8Array.from(bytes);
  return {
    name: "m.pb",
    size: all.length,
    readInto: (target, at) => {
      const part = all.subarray(at, at + target.length);
      target.set(part);
      return part.length;
    },
    close: () => undefined,
  };
};
const fields = (...bytes: number[]): Field[] => [...Message.of(source(...bytes)).fields()];
const only = (...bytes: number[]): Field => fields(...bytes)[0] ?? assert.fail("no field");

describe("protocol buffers", () => {
  it("reads the types of the wire", () => {
    assert.equal(only(0x08, 0x96, 0x01).int(), 150);
    assert.equal(only(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01).int(), -1);
    assert.equal(only(0x12, 0x02, 0x68, 0x69).text(), "hi");
    assert.equal(only(0x1d, 0, 0, 0x80, 0x3f).float(), 1);
    assert.equal(only(0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f).double(), 1);
    assert.deepEqual(only(0x22, 0x03, 0x01, 0xac, 0x02).ints(), [1, 300]);
    assert.deepEqual(
      [...only(0x2a, 0x02, 0x08, 0x07).message().fields()].map((field) => field.int()),
      [7],
    );
  });
  it("refuses what is not well formed", () => {
    const sentence = /'m\.pb' is damaged or cut short/;
    // a length behind the end, a varint without an end, a group, a cut number, another type
    assert.throws(() => fields(0x12, 0x7f, 0x00), sentence);
    assert.throws(
      () => fields(0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
      sentence,
    );
    assert.throws(() => fields(0x08, ...Array.from({ length: 12 }, () => 0xff)), sentence);
    assert.throws(() => fields(0x0b), sentence);
    assert.throws(() => fields(0x1d, 0, 0), sentence);
    assert.throws(() => only(0x08, 0x01).text(), sentence);
    assert.throws(() => only(0x22, 0x02, 0x80, 0x80).ints(), sentence);
  });
  it("stops at a hundred levels", () => {
    let nested: number[] = [];
    for (let i = 0; i < 50; i++) nested = [0x0a, nested.length, ...nested];
    const deep = (message: Message): number => {
      const [first] = message.fields();
      return first ? 1 + deep(first.message()) : 0;
    };
    assert.equal(deep(Message.of(source(...nested))), 50);
    let bytes: number[] = [];
    for (let i = 0; i < 140; i++) {
      const size = bytes.length;
      bytes = [0x0a, ...(size < 128 ? [size] : [(size & 127) | 128, size >> 7]), ...bytes];
    }
    assert.throws(() => deep(Message.of(source(...bytes))), /deeper than 100 levels/);
  });
});
