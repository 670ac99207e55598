import { spawn, type ChildProcess } from "node:child_process";
import { ConvLensError, throwIfAborted } from "../base/errors.ts";
import { findExecutable } from "./executables.ts";
import { RouteError, reasonIn } from "./reasons.ts";

/** Where a program runs, and what ends it. */
export interface CommandOptions {
  /** A folder of ours: many programs run or read what lies in the one they start in. */
  readonly cwd: string;
  /** Folders that no program is taken from, see `findExecutable`. */
  readonly avoid: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly limitSeconds: number;
  /** Told of what the command prints, as it comes. */
  readonly heard?: (text: string, from: "out" | "err") => void;
  /** A growing number, such as bytes on disk; a command that stops growing is ended. */
  readonly watch?: { readonly size: () => Promise<number>; readonly stallSeconds: number };
}

/**
 * Runs `command` to its end and returns its standard output. Throws a RouteError with one plain reason when it cannot
 * be started, fails, stalls or takes too long; a ConvLensError of kind `cancelled` on abort. Its children end with it.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  throwIfAborted(options.signal);
  const program = findExecutable(command, options.env, options.avoid);
  if (program === null) throw new RouteError(`${command} is not on PATH`);
  const windows = process.platform === "win32";
  const shell = windows && /\.(cmd|bat)$/i.test(program); // npm and pip are .cmd files there
  const child = spawn(shell ? quote(program) : program, shell ? args.map(quote) : args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    shell,
    detached: !windows, // a process group, so that grandchildren end too
  });
  const end = new Ending(child, options.heard);
  const cancel = (): void => end.kill(new ConvLensError("cancelled", "Cancelled."));
  options.signal?.addEventListener("abort", cancel, { once: true });
  const limit = setTimeout(() => {
    end.kill(new RouteError(`${command} took longer than ${options.limitSeconds} s`));
  }, options.limitSeconds * 1000);
  const stopWatching = watchStall(command, options.watch, end);
  try {
    return await end.finished(command);
  } finally {
    clearTimeout(limit);
    stopWatching();
    options.signal?.removeEventListener("abort", cancel);
  }
}

const quote = (text: string): string => (/[\s&()^]/u.test(text) ? `"${text}"` : text);

class Ending {
  private why: Error | null = null;

  constructor(
    private readonly child: ChildProcess,
    private readonly heard: CommandOptions["heard"],
  ) {}

  /** Ends the whole group, and makes `finished` reject with `why`. */
  kill(why: Error): void {
    if (this.why) return;
    this.why = why;
    killTree(this.child, "SIGTERM");
    setTimeout(() => {
      if (this.child.exitCode === null) killTree(this.child, "SIGKILL");
    }, 2000).unref();
  }

  finished(command: string): Promise<string> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      let out = "";
      let all = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        all = (all + text).slice(-200_000);
        this.heard?.(text, "out");
      });
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        all = (all + text).slice(-200_000);
        this.heard?.(text, "err");
      });
      child.on("error", (error) => {
        reject(new RouteError(`${command}: ${error.message}`));
      });
      child.on("close", (code) => {
        if (this.why) reject(this.why);
        else if (code === 0) resolve(out);
        else reject(new RouteError(`${command} failed: ${reasonIn(all)}`));
      });
    });
  }
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32")
      spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // the group is gone already
  }
}

function watchStall(command: string, watch: CommandOptions["watch"], end: Ending): () => void {
  if (!watch) return () => undefined;
  let largest = -1;
  let since = Date.now();
  const timer = setInterval(() => {
    void watch.size().then((size) => {
      if (size > largest) {
        largest = size;
        since = Date.now();
      } else if (Date.now() - since > watch.stallSeconds * 1000)
        end.kill(new RouteError(`${command} received nothing for ${watch.stallSeconds} s`));
    });
  }, 500);
  return () => {
    clearInterval(timer);
  };
}
