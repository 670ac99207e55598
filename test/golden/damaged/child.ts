/** Calls the command line with each of the arguments on standard input (JSON), and answers with what came of each. */
import { text } from "node:stream/consumers";
import { convlens } from "../cli-support.ts";

const calls = JSON.parse(await text(process.stdin)) as string[][];
const answers = [];
for (const args of calls) answers.push(await convlens(...args));
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
