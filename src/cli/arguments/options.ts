import { ASKED } from "./options/asked.ts";
import { GIVEN } from "./options/given.ts";
import { PROGRAMS } from "./options/programs.ts";
import { RESULT } from "./options/result.ts";
import { RUNNING } from "./options/running.ts";
import { SEARCH } from "./options/search.ts";

export type { OptionHelp } from "./options/users.ts";

/** All options by name, in the order of the help. */
export const OPTIONS = { ...GIVEN, ...ASKED, ...PROGRAMS, ...RUNNING, ...SEARCH, ...RESULT };

/** An option's name, without its dashes. */
export type OptionName = keyof typeof OPTIONS;
/** Whether there is an option of this name; narrows its type. */
export const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);
