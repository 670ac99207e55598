/** Which of the options that were given a command makes use of. */
import { usageError } from "../../base/errors.ts";
import type { CommandName } from "../command-names.ts";
import { OPTIONS, type OptionHelp, type OptionName } from "./options.ts";
import type { Arguments } from "./parse.ts";

/** Throws a usage error for an option that the command makes no use of, or not without another: it would be ignored. */
export function refuseUnused({ values, positionals }: Arguments, command: CommandName): void {
  const given = new Set<string>(Object.keys(values));
  if (positionals.length > 1) given.add("model");
  for (const name of Object.keys(values) as OptionName[]) {
    const { of, beside }: OptionHelp = OPTIONS[name];
    if (!of.includes(command))
      throw usageError(
        `convlens ${command} makes no use of --${name}, which is for ${of.join(", ")}: leave it out.`,
      );
    const needed = beside?.[command];
    if (needed && !needed.some((one) => given.has(one)))
      throw usageError(
        `convlens ${command} makes use of --${name} only with ${needed.map(called).join(" or ")}: leave it out.`,
      );
  }
}

const called = (name: string): string => (name === "model" ? "a model" : `--${name}`);
