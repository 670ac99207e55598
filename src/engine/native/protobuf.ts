/** A protocol buffers message being written: fields are appended in order, large byte arrays without copies. */
export class Message {
  private readonly parts: Uint8Array[] = [];
  length = 0;

  private push(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.length += bytes.length;
    return this;
  }
  private key(field: number, wire: 0 | 2 | 5): this {
    return this.push(varint(field * 8 + wire));
  }

  /** An int32, int64, bool or enum field; negative numbers take ten bytes, as the format wants. */
  int(field: number, value: number): this {
    return this.key(field, 0).push(varint(value));
  }
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.key(field, 5).push(bytes);
  }
  bytes(field: number, value: Uint8Array): this {
    return this.key(field, 2).push(varint(value.length)).push(value);
  }
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }
  /** A packed list of integers. */
  ints(field: number, values: readonly number[]): this {
    const packed = new Message();
    for (const value of values) packed.push(varint(value));
    return this.message(field, packed);
  }
  message(field: number, value: Message): this {
    this.key(field, 2).push(varint(value.length));
    for (const part of value.parts) this.push(part);
    return this;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
