/** The opcodes of pickle protocols 0 to 5 (Python's Lib/pickletools.py); extension codes and out-of-band buffers are left out. */
import { call } from "./calls.ts";
import type { Machine } from "./machine.ts";
import type { PickleStream } from "./stream.ts";
import { PickleError, type Value } from "./values.ts";

type Operation = (machine: Machine) => void;

const pushes =
  (read: (stream: PickleStream) => Value): Operation =>
  (machine) => {
    machine.push(read(machine.stream));
  };
/** Byte strings are never looked into: their length is passed over. */
const skips = (length: (stream: PickleStream) => number): Operation =>
  pushes((stream) => {
    stream.skip(length(stream));
    return { kind: "object", className: "bytes", args: null, state: null, held: noDict() };
  });
const tuple =
  (size: number): Operation =>
  (machine) => {
    const items: Value[] = [];
    for (let i = 0; i < size; i++) items.unshift(machine.pop());
    machine.sequence("tuple", items);
  };
const noDict = (): { kind: "dict"; entries: Map<Value, Value> } => ({
  kind: "dict",
  entries: new Map(),
});
const u8 = (s: PickleStream): number => s.u8();
const u32 = (s: PickleStream): number => s.u32();
const u64 = (s: PickleStream): number => s.u64();
const index = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value))
    throw new PickleError(`'${text.slice(0, 20)}' where a number belongs`);
  return value;
};
const decimal = (text: string): Value =>
  text === "00" ? false : text === "01" ? true : index(text.replace(/L$/, ""));

/**
 * What each opcode of the pickle protocols 0 to 5 does to the machine; names are those of Python's
 * pickletools. Bytes are skipped; out-of-band buffers and extension codes are not known.
 */
export const OPCODES: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (m) => void m.stream.u8()], // PROTO
  [0x95, (m) => void m.stream.u64()], // FRAME
  // the stack
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  // the memo
  [0x70, (m) => m.put(index(m.stream.line()))], // PUT
  [0x71, (m) => m.put(m.stream.u8())], // BINPUT
  [0x72, (m) => m.put(m.stream.u32())], // LONG_BINPUT
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x67, (m) => m.get(index(m.stream.line()))], // GET
  [0x68, (m) => m.get(m.stream.u8())], // BINGET
  [0x6a, (m) => m.get(m.stream.u32())], // LONG_BINGET
  // plain values
  [0x4e, pushes(() => null)], // NONE
  [0x88, pushes(() => true)], // NEWTRUE
  [0x89, pushes(() => false)], // NEWFALSE
  [0x49, pushes((s) => decimal(s.line()))], // INT
  [0x4c, pushes((s) => decimal(s.line()))], // LONG
  [0x4a, pushes((s) => s.i32())], // BININT
  [0x4b, pushes(u8)], // BININT1
  [0x4d, pushes((s) => s.u16())], // BININT2
  [0x8a, pushes((s) => s.long(s.u8()))], // LONG1
  [0x8b, pushes((s) => s.long(s.u32()))], // LONG4
  [0x46, pushes((s) => Number.parseFloat(s.line()))], // FLOAT
  [0x47, pushes((s) => s.f64())], // BINFLOAT
  [0x53, pushes((s) => s.line().replace(/^(['"])(.*)\1$/, "$2"))], // STRING
  [0x54, pushes((s) => s.string(s.u32()))], // BINSTRING
  [0x55, pushes((s) => s.string(s.u8()))], // SHORT_BINSTRING
  [0x56, pushes((s) => s.line())], // UNICODE
  [0x58, pushes((s) => s.string(s.u32()))], // BINUNICODE
  [0x8c, pushes((s) => s.string(s.u8()))], // SHORT_BINUNICODE
  [0x8d, pushes((s) => s.string(s.u64()))], // BINUNICODE8
  [0x42, skips(u32)], // BINBYTES
  [0x43, skips(u8)], // SHORT_BINBYTES
  [0x8e, skips(u64)], // BINBYTES8
  [0x96, skips(u64)], // BYTEARRAY8
  // containers
  [0x5d, (m) => m.sequence("list", [])], // EMPTY_LIST
  [0x6c, (m) => m.sequence("list", m.popMark())], // LIST
  [0x29, (m) => m.sequence("tuple", [])], // EMPTY_TUPLE
  [0x74, (m) => m.sequence("tuple", m.popMark())], // TUPLE
  [0x85, tuple(1)],
  [0x86, tuple(2)],
  [0x87, tuple(3)],
  [0x8f, (m) => m.sequence("set", [])], // EMPTY_SET
  [0x91, (m) => m.sequence("set", m.popMark())], // FROZENSET
  [0x7d, (m) => m.dict([])], // EMPTY_DICT
  [0x64, (m) => m.dict(m.popMark())], // DICT
  [
    0x61, // APPEND
    (m) => {
      const item = m.pop();
      m.append([item]);
    },
  ],
  [
    0x65, // APPENDS
    (m) => {
      const items = m.popMark();
      m.append(items);
    },
  ],
  [
    0x90, // ADDITEMS
    (m) => {
      const items = m.popMark();
      m.append(items);
    },
  ],
  [
    0x73, // SETITEM
    (m) => {
      const value = m.pop();
      const key = m.pop();
      m.setItems([key, value]);
    },
  ],
  [
    0x75, // SETITEMS
    (m) => {
      const items = m.popMark();
      m.setItems(items);
    },
  ],
  // names, and what would be calls
  [0x63, pushes((s) => ({ kind: "global", name: `${s.line()}.${s.line()}` }))], // GLOBAL
  [
    0x93, // STACK_GLOBAL
    (m) => {
      const [name, module] = [m.pop(), m.pop()];
      if (typeof name !== "string" || typeof module !== "string")
        throw new PickleError("a name that is no text");
      m.push({ kind: "global", name: `${module}.${name}` });
    },
  ],
  [0x52, (m) => m.reduce()], // REDUCE
  [0x81, (m) => m.reduce()], // NEWOBJ
  [
    0x92, // NEWOBJ_EX
    (m) => {
      m.pop();
      m.reduce();
    },
  ],
  [
    0x69, // INST
    (m) => {
      const name = `${m.stream.line()}.${m.stream.line()}`;
      m.push(call({ kind: "global", name }, { kind: "tuple", items: m.popMark() }));
    },
  ],
  [
    0x6f, // OBJ
    (m) => {
      const [what = null, ...items] = m.popMark();
      m.push(call(what, { kind: "tuple", items }));
    },
  ],
  [0x62, (m) => m.build()], // BUILD
  [0x50, (m) => m.push(m.persistent(m.stream.line()))], // PERSID
  [0x51, (m) => m.push(m.persistent(m.pop()))], // BINPERSID
]);
