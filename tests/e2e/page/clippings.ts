/** What cannot be read because something is too narrow for it. */
import type { Page } from "@playwright/test";

/** Texts that are cut off or run past what should hold them, and what makes the page wider than the window. */
export async function clippings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth)
      found.add(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
    const called = ({ localName, className }: Element) => `${localName}.${className}`;

    /** Hidden with what it holds, except from screen readers. */
    const unseen = (style: CSSStyleDeclaration) => style.clipPath !== "none";
    const cutsOff = (element: HTMLElement, style: CSSStyleDeclaration) =>
      /hidden|clip/.test(style.overflowX + style.overflowY) &&
      !unseen(style) &&
      element.localName !== "body" &&
      element.textContent?.trim() !== "" &&
      (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);

    /** Where an element is drawn: slotted content within its slot, a shadow tree within its host. */
    const holderOf = (node: Node): Element | null => {
      if (node instanceof Element && node.assignedSlot) return node.assignedSlot;
      return node.parentElement ?? (node.parentNode instanceof ShadowRoot ? node.parentNode.host : null);
    };

    /** What a text runs past: the first thing around it that it is not within. */
    const passed = (text: Text, rects: DOMRect[]): string | undefined => {
      for (let holder = holderOf(text); holder && holder !== root; holder = holderOf(holder)) {
        const style = getComputedStyle(holder);
        if (unseen(style)) return undefined;
        // What is further out can be scrolled to.
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) return undefined;
        if (!/^(inline|contents|none)$/.test(style.display)) {
          const { left, right, top, bottom } = holder.getBoundingClientRect();
          const framed = style.borderBlockEndStyle !== "none" && style.borderBlockStartStyle !== "none";
          const within = (rect: DOMRect) =>
            rect.left >= left - 1 &&
            rect.right <= right + 1 &&
            (!framed || (rect.top >= top - 1 && rect.bottom <= bottom + 1));
          if (!rects.every(within)) return called(holder);
        }
        // It is placed on its own, and what holds it in the tree does not hold it on the screen.
        if (/absolute|fixed/.test(style.position)) return undefined;
      }
      return undefined;
    };

    const range = document.createRange();
    const visit = (tree: ParentNode) => {
      for (const element of tree.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot) visit(element.shadowRoot);
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const style = getComputedStyle(element);
        if (cutsOff(element, style))
          found.add(`${called(element)} cuts off: ${element.textContent?.trim().slice(0, 40)}`);
        for (const node of element.childNodes) {
          if (!(node instanceof Text) || node.data.trim() === "") continue;
          // Word by word: the spaces at a line's end may hang out of it.
          for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const holder = passed(node, [...range.getClientRects()]);
            if (holder) found.add(`${word.slice(0, 40)} runs past ${holder}`);
          }
        }
      }
    };
    visit(document);
    return [...found];
  });
}
