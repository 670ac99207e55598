/** Checkpoints of one training: names of a folder that differ in a number. */

export interface Step {
  readonly name: string;
  /** The number that grows: an epoch, a step. */
  readonly step: number;
}

const NUMBER = /\d+(?:\.\d+)?/g;

/** `epoch_03` and `.h5`: the number of a file's kind is none that grows. */
function parted(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  const kind = dot > 0 && !/^\.\d+$/.test(name.slice(dot)) ? dot : name.length;
  return [name.slice(0, kind), name.slice(kind)];
}

/** `epoch_03.h5` -> `epoch_#.h5`: equal for all checkpoints of a series. */
export function templateOf(name: string): string {
  const [stem, extension] = parted(name);
  return stem.replace(NUMBER, "#") + extension;
}

/** Whether two files are one, or checkpoints of one training: of one folder, with names that differ in a number. */
export function isSameTraining(a: string, b: string): boolean {
  if (a === b) return true;
  const [folder, name] = placed(a);
  const [other, otherName] = placed(b);
  const template = templateOf(name);
  return folder === other && template.includes("#") && template === templateOf(otherName);
}

const placed = (path: string): [folder: string, name: string] => {
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return [path.slice(0, at + 1), path.slice(at + 1)];
};

/**
 * The series that `name` belongs to among the names of its folder, in the order of its steps; empty when it stands alone. Of several
 * numbers (an epoch and a loss) the first whole one that is another for every name counts.
 */
export function seriesOf(name: string, names: readonly string[]): Step[] {
  const template = templateOf(name);
  if (!template.includes("#")) return [];
  const own = names.filter((other) => templateOf(other) === template);
  if (own.length < 2) return [];
  const numbers = own.map((other) => parted(other)[0].match(NUMBER) ?? []);
  const places = (numbers[0] ?? []).map((_, place) => place);
  const counts = (place: number): boolean => {
    const values = numbers.map((list) => list[place] ?? "");
    return !values.some((value) => value.includes(".")) && new Set(values).size === own.length;
  };
  const place = places.find(counts);
  if (place === undefined) return [];
  return own
    .map((other, i) => ({ name: other, step: Number(numbers[i]?.[place]) }))
    .sort((a, b) => a.step - b.step);
}

/** Those of `files` that are checkpoints of a training: of each, others lie beside it whose names differ in a number. */
export function checkpointsAmong(files: readonly string[]): string[] {
  const byTraining = new Map<string, string[]>();
  for (const file of files) {
    const [folder, name] = placed(file);
    const training = folder + templateOf(name);
    byTraining.set(training, [...(byTraining.get(training) ?? []), file]);
  }
  return [...byTraining.values()].flatMap((own) => {
    const names = own.map((file) => placed(file)[1]);
    return seriesOf(names[0] ?? "", names).length > 0 ? own : [];
  });
}
