/**
 * What is to be seen in the page, through every open shadow root. These functions run in the page, each for itself: nothing
 * outside of them is there.
 */

/** The elements that match and are shown, in the order of the page; those that hold the words. */
export function shownElements(selector: string, words: string): Element[] {
  const found: Element[] = [];
  const textOf = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
    if (!(node instanceof Element)) return "";
    const slotted = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
    const children = slotted.length > 0 ? slotted : [...(node.shadowRoot ?? node).childNodes];
    return children.map(textOf).join(" ");
  };
  const visit = (root: ParentNode): void => {
    for (const element of root.querySelectorAll("*")) {
      const { width, height } = element.getBoundingClientRect();
      if (element.matches(selector) && width * height > 0 && element.checkVisibility({ visibilityProperty: true })) {
        if (textOf(element).replace(/\s+/g, " ").includes(words)) found.push(element);
      }
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
  return found;
}

/** All words that are shown, and those that only a screen reader says. */
export function shownText(): string {
  const textOf = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
    if (!(node instanceof Element) || /^(STYLE|SCRIPT|TEMPLATE|svg)$/.test(node.tagName)) return "";
    const isBox = getComputedStyle(node).display !== "contents";
    if (isBox && !node.checkVisibility({ visibilityProperty: true })) return "";
    const slotted = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
    const children = slotted.length > 0 ? slotted : [...(node.shadowRoot ?? node).childNodes];
    const inline = isBox && getComputedStyle(node).display.startsWith("inline");
    return `${children.map(textOf).join("")}${inline ? "" : "\n"}`;
  };
  return textOf(document.body).replace(/[^\S\n]+/g, " ");
}

/** The element that has the focus, inside whatever shadow root. */
export function focusedElement(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Whether a ring is drawn around the element that has the focus, by itself or by what wraps it. */
export function focusIsVisible(): boolean {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  for (let node: Node | null = element; node; node = node.parentNode ?? (node as ShadowRoot).host ?? null) {
    if (!(node instanceof Element)) continue;
    const { outlineStyle, outlineWidth } = getComputedStyle(node);
    if (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) return true;
  }
  return false;
}

/** Brings an element into sight, and tells where the mouse meets it: an empty text if something else lies over it. */
export function bringIntoReach(element: Element): string {
  const middle = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2] as const;
  };
  /** What lies at a point, inside whatever shadow root. */
  const lying = ([x, y]: readonly [number, number]) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner: Element | null = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const isMet = () => {
    const hit = lying(middle());
    // Words that are slotted into a button belong to the button's host.
    if (hit && hit === (element.getRootNode() as ShadowRoot).host) return true;
    for (let node: Node | null = hit; node; ) {
      if (node === element) return true;
      node = (node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host ?? null;
    }
    return false;
  };
  if (!isMet()) element.scrollIntoView({ block: "center" });
  return isMet() ? middle().join() : "";
}
