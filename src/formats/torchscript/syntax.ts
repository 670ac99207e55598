/** What TorchScript's serialized code says, as a tree. */

/** An expression; types of annotations are expressions too. */
export type Expression =
  | { readonly kind: "constant"; readonly value: null | boolean | number | string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | {
      readonly kind: "call";
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly named: readonly (readonly [string, Expression])[];
    }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  | { readonly kind: "list" | "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: "not" | "negative"; readonly of: Expression }
  | {
      readonly kind: "and" | "or";
      readonly left: Expression;
      readonly right: Expression;
    };

export type Statement =
  | { readonly kind: "assign"; readonly target: Expression; readonly value: Expression }
  | { readonly kind: "expression" | "raise"; readonly value: Expression }
  | { readonly kind: "return"; readonly value: Expression | null }
  | {
      readonly kind: "if";
      readonly test: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: "for";
      readonly target: Expression;
      readonly over: Expression;
      readonly body: readonly Statement[];
    }
  | { readonly kind: "while"; readonly test: Expression; readonly body: readonly Statement[] }
  | { readonly kind: "with"; readonly body: readonly Statement[] };

export interface Argument {
  readonly name: string;
  readonly type: Expression | null;
  readonly fallback: Expression | null;
}
export interface Routine {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly body: readonly Statement[];
}
export interface ClassCode {
  readonly name: string;
  readonly methods: ReadonlyMap<string, Routine>;
  /** `stride : Final[int] = 2` */
  readonly constants: ReadonlyMap<string, Expression>;
  /** Attributes in their order, with their types. */
  readonly types: ReadonlyMap<string, Expression>;
  /** Names in `__parameters__`; other tensors are buffers. */
  readonly parameters: ReadonlySet<string>;
}
/** One file of code. */
export interface Unit {
  readonly classes: ReadonlyMap<string, ClassCode>;
  readonly routines: ReadonlyMap<string, Routine>;
}
