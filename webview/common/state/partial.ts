/** Whether a part of a result that came before its end is a `T`: it has the key that tells it from others. */
export const isPart = <T>(partial: unknown, key: keyof T & string): partial is T =>
  typeof partial === "object" && partial !== null && key in partial;
