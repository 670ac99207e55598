/** What a panel looks at after a change. */
import type { Intent } from "./contract/intent.ts";

/** What is asked of one picture: of another it would be another question. */
type Asked = Pick<Intent, "classes" | "target" | "camMerged" | "camMinus">;
const NOTHING: Asked = { classes: [], target: null, camMerged: [], camMinus: null };

/** What is asked, to be asked of another picture too. */
export const askedIn = ({ classes, target, camMerged, camMinus }: Intent): Asked => ({
  ...{ classes, target, camMerged, camMinus },
});

/** Whether more is asked of the picture than its own top classes. */
export const asksMore = ({ classes, target, camMerged, camMinus }: Intent): boolean =>
  classes.length > 0 || camMerged.length > 0 || target !== null || camMinus !== null;

/** `intent` with `patch`: another picture begins at its own top classes, unless what was asked is pinned or comes with it. */
export function changedIntent(intent: Intent, patch: Partial<Intent>): Intent {
  const { image } = patch;
  const isOther = image !== undefined && intent.image !== null && image !== intent.image;
  return { ...intent, ...(isOther && !intent.pinned && NOTHING), ...patch };
}
