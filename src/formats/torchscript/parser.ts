/** TorchScript's serialized code, read: the small part of Python that PyTorch writes, and nothing else. */
import { Unsupported } from "../lower/unsupported.ts";
import { tokensOf, type Token } from "./lexer.ts";
import type { Argument, ClassCode, Expression, Routine, Statement, Unit } from "./syntax.ts";

/** Deeper than this no code of PyTorch's nests. */
const MAX_DEPTH = 200;
const END: Token = { kind: "end", text: "" };

/** One file of `code/`. Throws `Unsupported` for what is not of this language. */
export const parse = (code: string): Unit => new Parser(tokensOf(code)).unit();

class Parser {
  private position = 0;
  private depth = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  unit(): Unit {
    const classes = new Map<string, ClassCode>();
    const routines = new Map<string, Routine>();
    while (this.peek().kind !== "end") {
      if (this.take("newline")) continue;
      if (this.word("class")) {
        const found = this.classCode();
        classes.set(found.name, found);
      } else if (this.word("def")) {
        const found = this.routine();
        routines.set(found.name, found);
      } else if (this.peek().text === "import" || this.peek().text === "from") this.line();
      else throw this.unread();
    }
    return { classes, routines };
  }

  // words
  private peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? END;
  }
  /** Throws at the end, so that no loop that looks for a sign goes on behind it. */
  private next(): Token {
    const token = this.peek();
    if (token.kind === "end") throw this.unread();
    this.position++;
    return token;
  }
  private take(kind: Token["kind"], text?: string): boolean {
    const { kind: own, text: word } = this.peek();
    if (own !== kind || (text !== undefined && word !== text)) return false;
    this.position++;
    return true;
  }
  private word(text: string): boolean {
    return this.take("name", text);
  }
  private sign(text: string): boolean {
    return this.take("sign", text);
  }
  private need(text: string): void {
    if (!this.sign(text)) throw this.unread();
  }
  private name(): string {
    const token = this.next();
    if (token.kind !== "name") throw this.unread();
    return token.text;
  }
  private unread(): Unsupported {
    const { kind, text } = this.peek();
    return new Unsupported(`its code has ${text === "" ? kind : `'${text}'`} where it is not read`);
  }
  private line(): void {
    while (!["newline", "end"].includes(this.peek().kind)) this.position++;
  }
  private deeper<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new Unsupported("its code nests without end");
    const result = read();
    this.depth--;
    return result;
  }

  // definitions
  private classCode(): ClassCode {
    const name = this.name();
    const methods = new Map<string, Routine>();
    const constants = new Map<string, Expression>();
    const types = new Map<string, Expression>();
    const parameters = new Set<string>();
    if (this.sign("(")) while (!this.sign(")")) this.next();
    this.need(":");
    this.take("newline");
    if (!this.take("indent")) throw this.unread();
    while (!this.take("dedent")) {
      if (this.take("newline") || this.word("pass")) continue;
      if (this.word("def")) {
        const method = this.routine();
        methods.set(method.name, method);
        continue;
      }
      const target = this.expression();
      const type = this.sign(":") ? this.expression() : null;
      const value = this.sign("=") ? this.expression() : null;
      const key = target.kind === "name" ? target.name : null;
      if (key === "__parameters__" && value?.kind === "list")
        for (const item of value.items)
          if (item.kind === "constant") parameters.add(String(item.value));
      if (key !== null && type) types.set(key, type);
      if (key !== null && type && value) constants.set(key, value);
      if (target.kind === "index" && target.at.kind === "constant" && value)
        types.set(String(target.at.value), value);
    }
    return { name, methods, constants, types, parameters };
  }

  private routine(): Routine {
    const name = this.name();
    const args: Argument[] = [];
    this.need("(");
    while (!this.sign(")")) {
      const own = this.name();
      const type = this.sign(":") ? this.expression() : null;
      const fallback = this.sign("=") ? this.expression() : null;
      args.push({ name: own, type, fallback });
      if (!this.sign(",") && this.peek().text !== ")") throw this.unread();
    }
    if (this.sign("->")) this.expression();
    this.need(":");
    return { name, args, body: this.block() };
  }

  private block(): readonly Statement[] {
    return this.deeper(() => {
      this.take("newline");
      if (!this.take("indent")) throw this.unread();
      const statements: Statement[] = [];
      while (!this.take("dedent")) {
        if (this.take("newline") || this.word("pass")) continue;
        if (this.peek().kind === "end") break;
        statements.push(this.statement());
      }
      return statements;
    });
  }

  private statement(): Statement {
    if (this.word("return")) {
      const empty = ["newline", "dedent", "end"].includes(this.peek().kind);
      return { kind: "return", value: empty ? null : this.several() };
    }
    if (this.word("raise")) return { kind: "raise", value: this.expression() };
    if (this.word("if")) {
      const test = this.expression();
      this.need(":");
      const yes = this.block();
      const no = this.word("else") ? (this.need(":"), this.block()) : [];
      return { kind: "if", test, yes, no };
    }
    if (this.word("for")) {
      const target = this.several();
      if (!this.word("in")) throw this.unread();
      const over = this.expression();
      this.need(":");
      return { kind: "for", target, over, body: this.block() };
    }
    if (this.word("while")) {
      const test = this.expression();
      this.need(":");
      return { kind: "while", test, body: this.block() };
    }
    if (this.word("with")) {
      this.several();
      if (this.word("as")) this.name();
      this.need(":");
      return { kind: "with", body: this.block() };
    }
    const target = this.several();
    if (this.sign(":")) this.expression();
    if (this.sign("=")) return { kind: "assign", target, value: this.several() };
    return { kind: "expression", value: target };
  }

  // expressions
  /** `a, b, = ...`; one without a comma is itself. */
  private several(): Expression {
    const first = this.expression();
    if (this.peek().text !== "," || this.peek().kind !== "sign") return first;
    const items = [first];
    while (this.sign(",")) {
      const { kind, text } = this.peek();
      if (["newline", "end"].includes(kind) || text === "=" || text === "in" || text === ":") break;
      items.push(this.expression());
    }
    return { kind: "tuple", items };
  }

  private expression(): Expression {
    return this.deeper(() => {
      const yes = this.or();
      if (!this.word("if")) return yes;
      const test = this.or();
      if (!this.word("else")) throw this.unread();
      return { kind: "choice", test, yes, no: this.expression() };
    });
  }
  private or(): Expression {
    let left = this.and();
    while (this.word("or")) left = { kind: "or", left, right: this.and() };
    return left;
  }
  private and(): Expression {
    let left = this.not();
    while (this.word("and")) left = { kind: "and", left, right: this.not() };
    return left;
  }
  private not(): Expression {
    if (this.word("not")) return this.deeper(() => ({ kind: "not", of: this.not() }));
    if (this.sign("-")) return this.deeper(() => ({ kind: "negative", of: this.not() }));
    return this.trailed(this.atom());
  }

  private trailed(start: Expression): Expression {
    let found = start;
    for (;;) {
      if (this.sign(".")) found = { kind: "attribute", of: found, name: this.name() };
      else if (this.sign("(")) found = this.call(found);
      else if (this.sign("[")) {
        const at =
          this.peek().text === "]" ? ({ kind: "tuple", items: [] } as const) : this.items();
        this.need("]");
        found = { kind: "index", of: found, at };
      } else return found;
    }
  }
  /** What stands in brackets behind a name: one, or several with commas. */
  private items(): Expression {
    const first = this.expression();
    if (!this.sign(",")) return first;
    const items = [first];
    while (this.peek().text !== "]") {
      items.push(this.expression());
      if (!this.sign(",")) break;
    }
    return { kind: "tuple", items };
  }
  private call(callee: Expression): Expression {
    const args: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.sign(")")) {
      const isNamed = this.peek().kind === "name" && this.peek(1).text === "=";
      if (isNamed) {
        const key = this.name();
        this.need("=");
        named.push([key, this.expression()]);
      } else args.push(this.expression());
      if (!this.sign(",") && this.peek().text !== ")") throw this.unread();
    }
    return { kind: "call", callee, args, named };
  }

  private atom(): Expression {
    const token = this.next();
    if (token.kind === "number") return { kind: "constant", value: Number(token.text) };
    if (token.kind === "string") {
      let value = token.text;
      while (this.peek().kind === "string") value += this.next().text;
      return { kind: "constant", value };
    }
    if (token.kind === "name")
      return CONSTANTS.has(token.text)
        ? { kind: "constant", value: CONSTANTS.get(token.text) ?? null }
        : { kind: "name", name: token.text };
    if (token.kind === "sign" && token.text === "[")
      return { kind: "list", items: this.until("]") };
    if (token.kind === "sign" && token.text === "(") return this.bracketed();
    if (token.kind === "sign" && token.text === "{") return this.dict();
    this.position--;
    throw this.unread();
  }
  private until(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.sign(close)) {
      items.push(this.expression());
      if (!this.sign(",") && this.peek().text !== close) throw this.unread();
    }
    return items;
  }
  /** `(a)` is a, `(a,)` and `(a, b)` are tuples. */
  private bracketed(): Expression {
    if (this.sign(")")) return { kind: "tuple", items: [] };
    const first = this.expression();
    if (this.sign(")")) return first;
    this.need(",");
    return { kind: "tuple", items: [first, ...this.until(")")] };
  }
  private dict(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.sign("}")) {
      const key = this.expression();
      this.need(":");
      entries.push([key, this.expression()]);
      if (!this.sign(",") && this.peek().text !== "}") throw this.unread();
    }
    return { kind: "dict", entries };
  }
}

const CONSTANTS: ReadonlyMap<string, null | boolean | number> = new Map<
  string,
  null | boolean | number
>([
  ["None", null],
  ["True", true],
  ["False", false],
  ["inf", Infinity],
  ["nan", NaN],
]);
