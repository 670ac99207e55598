/**
 * Element `index` of `list`, counted from 0; negative ones count from the end. For an index that cannot be out of range: a wrong
 * one is a fault of ours and must not turn into a number. Throws a RangeError that says what was asked for.
 */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index < 0 ? index + list.length : index];
  if (value === undefined)
    throw new RangeError(`there is no element ${index} among ${list.length}`);
  return value;
}
