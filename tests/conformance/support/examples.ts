// The examples of the documents: where they stand, and what they say that they print.

import type { Fault, SimulatorSettings } from "./simulator.ts";

/** A program that a document shows, or a part of one. */
export interface Example {
  /** What it is an example of: a heading of docs/api.md, or a name of index.d.ts such as `Client.resetDevice`. */
  subject: string;
  /** Beginning with 1. */
  number: number;
  code: string;
  /** What it says that it prints; `…` stands for any text. */
  prints: string;
  /** How Fireblocks behaves meanwhile. */
  simulator?: { faults?: Fault[]; settings?: SimulatorSettings };
}

/** The blocks `js` of a page, each with the block `text` below it and, in a comment above it, how Fireblocks behaves. */
export function examplesOfPage(markdown: string): Example[] {
  const fences = /(?:<!-- simulator: (.*) -->\n)?```js\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g;
  return [...markdown.matchAll(fences)].map(({ index, 1: prepared = "{}", 2: code = "", 3: prints = "" }, before) => ({
    subject: (
      markdown
        .slice(0, index)
        .match(/^#+ .*$/gm)
        ?.at(-1) ?? ""
    )
      .replace(/^#+ /, "")
      .replaceAll("`", ""),
    number: before + 1,
    code,
    prints: prints.trimEnd(),
    simulator: JSON.parse(prepared),
  }));
}

/** The blocks `ts` of doc comments. What each `console.log` prints stands behind it. */
export function examplesOfTypes(declarations: string): Example[] {
  const found: Example[] = [];
  for (const { subject, comment } of declared(declarations)) {
    const text = comment.replace(/^ *\* ?/gm, "");
    for (const { 1: code = "" } of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, prints]) => prints);
      found.push({ subject, number: found.length + 1, code, prints: printed.join("\n") });
    }
  }
  return found;
}

/** What a program must print; `…` stands for any text. */
export function patternOf(prints: string): RegExp {
  const parts = prints.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** Every function, method and static that is declared: those are what needs an example. */
export function functionsOf(declarations: string): string[] {
  return [...new Set(declared(declarations).map(({ subject }) => subject))];
}

/** The declarations of functions in the order of the text, each with the comment right above it. */
function declared(declarations: string): { subject: string; comment: string }[] {
  const found: { subject: string; comment: string }[] = [];
  let owner = "";
  let comment = "";
  const parts = /^ *\/\*\*([\s\S]*?)\*\/$|^export (?:interface|declare class) (\w+)|^.*$/gm;
  for (const [line, commented, owning] of declarations.matchAll(parts)) {
    if (commented !== undefined) {
      comment = commented;
      continue;
    }
    owner = owning ?? (line === "" || line.startsWith("  ") ? owner : "");
    const name = /^(?:export declare function | {2}(?:static )?)(\w+)\(/.exec(line)?.[1];
    if (name !== undefined) found.push({ subject: owner === "" ? name : `${owner}.${name}`, comment });
    comment = "";
  }
  return found;
}
