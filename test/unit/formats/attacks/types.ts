/** Attacks on the readers: a table of files, opened in a process of their own. */
export interface Attack {
  readonly what: string;
  /** Writes the file or folder into an empty folder, and returns the path to open. */
  readonly make: (folder: string) => string;
  /** In the sentence with which it is refused, now or when its numbers are read. */
  readonly says?: RegExp;
  /** It is opened, and this stands where something is not executed. */
  readonly opaque?: RegExp;
}

/** Every format tries every class, or says why it cannot be tried. */
export interface Attacks {
  /** An honest small file: what is measured is measured beside it. */
  readonly ordinary: string;
  /** Something that would run: layers, operations, pickles. */
  readonly code: readonly Attack[] | string;
  /** A size is declared, or something is packed, beyond what is there. */
  readonly sizes: readonly Attack[] | string;
  /** Data in other files: addresses, ways up, links, pipes. */
  readonly outside: readonly Attack[] | string;
  /** Things inside things, or in a circle. */
  readonly nesting: readonly Attack[] | string;
  /** Names of what every object has. */
  readonly names: readonly Attack[] | string;
  /** Cut short, or half written. */
  readonly cut: readonly Attack[] | string;
}

/** What the process saw. */
export interface Outcome {
  /** The errors of opening it and of reading its numbers. */
  readonly errors: readonly {
    readonly name: string;
    readonly kind: string;
    readonly message: string;
  }[];
  /** Why layers are not executed. */
  readonly opaque: readonly string[];
  readonly layers: readonly string[];
  /** Every file that was opened. */
  readonly opened: readonly string[];
  /** Processes, connections: what no reader does. */
  readonly started: readonly string[];
  readonly seconds: number;
  /** The process' peak so far, in bytes. */
  readonly peak: number;
}
