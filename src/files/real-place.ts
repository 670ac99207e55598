/** Where a file really is: links are followed before its place is judged. */
import { realpath } from "node:fs/promises";
import path from "node:path";

/** Whether an absolute path is one of `places` or below it, by their names alone. */
export const isAmong = (file: string, places: readonly string[]): boolean =>
  places.some((place) => file === place || isBelow(file, place));

/** Whether `file` lies in `folder` or below it, by their names alone. */
export const isBelow = (file: string, folder: string): boolean =>
  file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);

/**
 * Whether `file`, all links followed, is one of `places` (files or folders, absolute) or lies below one. By its name first: outside of them
 * not even what is there is looked for. What is not there lies where its name says.
 */
export async function reallyAmong(file: string, places: readonly string[]): Promise<boolean> {
  const named = path.resolve(file);
  const real = await realPlaces(places);
  if (
    !isAmong(
      named,
      places.map((place) => path.resolve(place)),
    ) &&
    !isAmong(named, real)
  )
    return false;
  return isAmong(await realPlace(named), real);
}

const realPlaces = (places: readonly string[]): Promise<string[]> =>
  Promise.all(places.map((place) => realPlace(path.resolve(place))));

/** Of what is not there: its name in its folder's real place. */
async function realPlace(file: string): Promise<string> {
  const real = await realpath(file).catch(() => null);
  if (real !== null) return real;
  const folder = path.dirname(file);
  return folder === file ? file : path.join(await realPlace(folder), path.basename(file));
}
