/** Prints the outline of a file of weights of Keras, as the helper for Python is given it: `node --import tsx test/support/outline.ts FILE`. */
import { kerasOutline } from "../../src/formats/index.ts";

process.stdout.write(JSON.stringify(await kerasOutline(process.argv[2] ?? "")));
