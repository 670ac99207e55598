import { METHODS } from "../../shared/catalogue.ts";
import { COMMANDS } from "../commands.ts";
import { OPTIONS, type OptionHelp } from "./options.ts";

const pad = (pairs: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

/** Commands are named before what few of them use. */
const MOST_NAMED = 2;

/** The whole of `--help`. */
export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const);
  const options = Object.entries(OPTIONS).map(([name, option]) => {
    const { of }: OptionHelp = option;
    const where = of.length <= MOST_NAMED ? `${of.join(", ")}: ` : "";
    const { value, help } = option;
    return [value ? `--${name} ${value}` : `--${name}`, where + help] as const;
  });
  const methods = METHODS.map(
    ({ command, id, sentence }) => [`${command} ${id}`, sentence] as const,
  );
  return `convlens COMMAND MODEL [options]

Shows what a convolutional network learned.

commands
${pad(commands)}

options
${pad(options)}

methods
${pad(methods)}

exit codes: 0 done; 2 usage; 3 the model, picture or labels cannot be used; 4 computing failed; 130 cancelled

examples
  convlens predict model.h5 --image cat.png --labels labels.txt
  convlens cam model.keras --image cat.png --class top --out cam
  convlens filters model.h5 --layer conv1 --out filters
  convlens compare before.h5 after.h5 --image cat.png --out compared
`;
}
