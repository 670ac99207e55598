import type { CommandOptions } from "./command.ts";
import type { NativeSource } from "./manifest.ts";

/** What differs from command to command; folder and environment are the route's, unless told. */
export type CommandLimits = Pick<CommandOptions, "limitSeconds" | "watch"> &
  Partial<Pick<CommandOptions, "cwd" | "env">>;

/** What every way of getting the engine works with. */
export interface RouteContext {
  /** ConvLens' cache folder. */
  readonly cache: string;
  /** An empty folder to fill; renamed when all is done, removed otherwise. */
  readonly work: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folders that a person merely opened: no program and no library is taken from there. */
  readonly avoid: readonly string[];
  /** Where prebuilt binding, sources and headers may lie. */
  readonly assets: readonly string[];
  readonly signal: AbortSignal | undefined;
  /** `fraction` is 0..1 of this route. */
  say(message: string, fraction?: number): void;
  /** Runs a program in `work`, see `runCommand`. */
  run(command: string, args: readonly string[], how: CommandLimits): Promise<string>;
  /** Loads the binding in a process of its own; returns TensorFlow's version or throws a RouteError. */
  selfTest(folder: string): Promise<string>;
}

/** What a way has put into `work` and loaded once, before it takes its place. */
export interface Prepared {
  readonly tensorflow: string;
  /** The folder with the binding, relative to `work`. */
  readonly folder: string;
  /** What to keep checksums of, relative to `folder`. */
  readonly files: readonly string[];
  readonly libraries?: string;
}

/** One way of getting the engine. `run` throws a RouteError with the reason where it does not work here. */
export interface Route {
  readonly source: NativeSource;
  /** Stands before its reason in a failure's sentence: `TensorFlow's C library`. */
  readonly name: string;
  run(context: RouteContext): Promise<Prepared>;
}
