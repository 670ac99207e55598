/**
 * uPlot asks the browser for its language while it is loaded, and writes numbers in it. Where the system's is POSIX, Chromium has a name for
 * it that Intl refuses; the panel's own is what the host says.
 */
import { language } from "../../common/text/l10n.ts";

Object.defineProperty(navigator, "language", { value: language, configurable: true });
