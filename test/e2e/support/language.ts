/** The workbench in another language. It has no language pack here: its own words stay English, the extension's do not. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../../scripts/lib/places.mjs";
import { session } from "./session.ts";
import { ready } from "./workbench.ts";

type Texts = Readonly<Record<string, string>>;
const read = (file: string): Texts =>
  JSON.parse(readFileSync(path.join(root, file), "utf8")) as Texts;

/** What the panels and the host say, by its English. */
export const bundle = (language: string): Texts => read(`l10n/bundle.l10n.${language}.json`);
/** What package.json says, by its keys. */
export const manifest = (language: string): Texts => read(`package.nls.${language}.json`);

/** A second window of the session's workbench, whose language is what a language pack's script would have set. */
export async function windowIn(language: string): Promise<Page> {
  const { page: first, workbench, workspace, packaged } = await session();
  const browser = first.context().browser();
  if (!browser) throw new Error("the page has no browser");
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
  await page.goto(workbench.page(workspace, packaged ? {} : { dev: root }));
  await ready(page);
  return page;
}

/** Every text and label of a panel, what its elements keep in shadow roots among it. */
export const textsOf = (frame: Frame): Promise<readonly string[]> =>
  frame.evaluate(() => {
    const texts: string[] = [];
    const left: Node[] = [document.body];
    for (let node = left.pop(); node; node = left.pop()) {
      if (node instanceof HTMLStyleElement || node instanceof HTMLScriptElement) continue;
      if (node instanceof Text) texts.push(node.data);
      if (node instanceof Element) {
        for (const name of ["aria-label", "title", "placeholder"])
          texts.push(node.getAttribute(name) ?? "");
        if (node.shadowRoot) left.push(...node.shadowRoot.childNodes);
      }
      left.push(...node.childNodes);
    }
    return texts.map((text) => text.replaceAll(/\s+/g, " ").trim()).filter(Boolean);
  });

/** Elements of a panel whose text is cut off, without dots to say so. */
export const tooWide = (frame: Frame): Promise<readonly string[]> =>
  frame.evaluate(() => {
    const wide: string[] = [];
    const left: (Document | ShadowRoot)[] = [document];
    for (let root = left.pop(); root; root = left.pop())
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) left.push(element.shadowRoot);
        const { overflowX, textOverflow } = getComputedStyle(element);
        const cut =
          overflowX === "hidden" &&
          textOverflow !== "ellipsis" &&
          element.textContent.trim() !== "";
        if (cut && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
          wide.push(`${element.tagName}.${element.className}: ${element.scrollWidth} px`);
      }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) wide.push(`page: ${scrollWidth} of ${clientWidth} px`);
    return wide;
  });
