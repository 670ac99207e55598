/** What is timed on our side, by the name that rows use. */
import { attackTasks } from "./attack.ts";
import { attributionTasks } from "./attribution.ts";
import { mapTasks } from "./maps.ts";
import { maximizeTasks } from "./maximize.ts";
import { pictureTasks } from "./pictures.ts";
import type { Task } from "./types.ts";

export const TASKS: Readonly<Record<string, Task>> = {
  ...mapTasks,
  ...maximizeTasks,
  ...attributionTasks,
  ...attackTasks,
  ...pictureTasks,
};
