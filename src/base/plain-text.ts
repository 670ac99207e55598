/**
 * Text out of files, made harmless wherever it is read: what a terminal, a log or a page obeys instead of showing (control and escape
 * characters, line and paragraph separators, marks that turn the direction of writing or that nobody sees) is written as `\u202e`.
 */
const UNSEEN =
  // of what a font ignores only the two that choose between a sign and its picture are kept: they hold nothing
  /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
const UNSEEN_BUT_LINES = new RegExp(`(?![\\n\\t])(?:${UNSEEN.source})`, "gu");

const written = (seen: string): string =>
  Array.from({ length: seen.length }, (_, i) => seen.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");

/** A whole text of ours, lines kept. Inside JSON the escapes stand for the same characters. */
export const harmless = (text: string): string => text.replace(UNSEEN_BUT_LINES, written);

/** Names are for reading: longer ones lose their middle. */
const MOST = 200;

/** A name, label or sentence that goes into a text: one line of at most `most` characters. */
export function plainText(text: string, most = MOST): string {
  const short = text.length > most ? shortened(text, most) : text;
  const plain = short.replace(UNSEEN, written);
  return plain.length > most ? shortened(plain, most) : plain;
}

function shortened(text: string, most: number): string {
  const end = Math.floor(most / 4);
  return `${text.slice(0, most - end - 1)}…${text.slice(text.length - end)}`;
}

/**
 * Text for Markdown that shows just these characters: no emphasis, link, picture, HTML, icon or address comes of it. Everything that a
 * model or a script says passes here before it stands in a hover, a tooltip or a document.
 */
export const markdownText = (text: string, most?: number): string =>
  plainText(text, most)
    .replace(/[\\`*_{}[\]()#+\-!|~:@/="'^]|\.(?=\w)|(?<=^\s*\d+)\./g, "\\$&")
    .replace(/[&<>$]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A label in which the workbench makes icons of `$(name)`, as those of quick picks and CodeLenses: none comes of this text. */
export const labelText = (text: string): string => plainText(text).replaceAll("$(", "\\$(");

/** The address of a command link of ours in Markdown; `args` may hold anything. */
export function commandLink(command: string, args: readonly unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `command:${command}?${encoded}`;
}

/** A sentence for a notification, which makes links of `[text](address)`. */
export const noticeText = (sentence: string): string =>
  plainText(sentence, 2000).replaceAll("](", "] (");
