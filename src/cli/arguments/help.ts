import { COMMANDS } from "../commands.ts";
import { OPTIONS } from "./options.ts";

const pad = (pairs: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

/** The whole of `--help`. */
export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const);
  const options = Object.entries(OPTIONS).map(
    ([name, { value, help }]) => [value ? `--${name} ${value}` : `--${name}`, help] as const,
  );
  return `convlens COMMAND MODEL [options]

Shows what a convolutional network learned.

commands
${pad(commands)}

options
${pad(options)}

exit codes: 0 done; 2 usage; 3 the model, picture or labels cannot be used; 4 computing failed; 130 cancelled

examples
  convlens predict model.h5 --image cat.png --labels labels.txt
  convlens cam model.keras --image cat.png --class top --out cam
  convlens filters model.h5 --layer conv1 --out filters
  convlens compare before.h5 after.h5 --image cat.png --out compared
`;
}
