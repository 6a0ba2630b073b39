/** Searching, filtering and sorting the users of a workspace of any size. Pure. */
import { deburr } from "es-toolkit/string";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { count } from "./time.ts";
import { roleLabel, statusKey, statusLabel, userName } from "./user.ts";

export const SORT_COLUMNS = ["name", "role", "status"] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface UserQuery {
  text: string;
  /** A key of {@link statusKey}, or `OPEN` for those with an open reset; empty for all. */
  status: string;
  role: string;
  sort: SortColumn;
  descending: boolean;
}

const DEFAULT_QUERY: UserQuery = { text: "", status: "", role: "", sort: "name", descending: false };

/** The state of the list as the address bar carries it. */
export function userQuery(query: URLSearchParams): UserQuery {
  const sort = query.get("sort") ?? "";
  const column = SORT_COLUMNS.find((name) => name === sort.replace(/^-/, ""));
  return {
    text: query.get("q") ?? "",
    status: query.get("status") ?? "",
    role: query.get("role") ?? "",
    sort: column ?? DEFAULT_QUERY.sort,
    descending: column !== undefined && sort.startsWith("-"),
  };
}

export const sortText = (sort: SortColumn, descending: boolean): string => {
  const text = descending ? `-${sort}` : sort;
  return text === "name" ? "" : text;
};

const ASCII = /^[ -~\n]*$/;

/** What one hears nothing of: apostrophes in whatever shape (also the letters and accents that stand in for one), and marks. */
const UNHEARD = /[\p{Quotation_Mark}\p{Lm}\p{Sk}\p{Cf}\u2032]/gu;
const ACCENTS = /[\p{M}']/gu;

/**
 * Letters alone, so that `jose` finds José, `lukasz` Łukasz and `obrien` O’Brien: without case, accents and apostrophes, and
 * with one kind of dash. In capitals, which have neither a dotless i nor a second sigma.
 */
function folded(text: string): string {
  if (ASCII.test(text)) return text.replaceAll(UNHEARD, "").toUpperCase();
  const letters = deburr(text.replaceAll(UNHEARD, "").normalize("NFKD")).replaceAll(ACCENTS, "");
  return letters.replaceAll(/\p{Dash}/gu, "-").toUpperCase();
}

interface Prepared {
  row: UserRow;
  /** What a search looks in. */
  hay: string;
  keys: Record<SortColumn, string>;
}

/** A list of users made ready for searching; the work of folding and naming is done once. */
export class UserIndex {
  readonly #prepared: Prepared[];
  readonly #collator: Intl.Collator;
  #sorted: { by: string; rows: Prepared[] } | undefined;

  constructor(users: readonly UserRow[], locale?: string) {
    this.#collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
    this.#prepared = users.map((row) => {
      const name = userName(row);
      return {
        row,
        hay: folded(`${name}\n${row.email ?? ""}\n${row.id}`),
        keys: { name, role: roleLabel(row.role), status: statusLabel(row).label },
      };
    });
  }

  /** The rows in the query's order; those that sort alike are in the order of their names. */
  #order({ sort, descending }: UserQuery): Prepared[] {
    const by = sortText(sort, descending);
    if (this.#sorted?.by === by) return this.#sorted.rows;
    const compare = this.#collator.compare;
    const rows = this.#prepared.toSorted(
      (a, b) => (descending ? -1 : 1) * compare(a.keys[sort], b.keys[sort]) || compare(a.keys.name, b.keys.name),
    );
    this.#sorted = { by, rows };
    return rows;
  }

  /** Every word of the text must occur in name, e-mail or id. */
  search(query: UserQuery): UserRow[] {
    const words = folded(query.text).split(/\s+/).filter(Boolean);
    const found: UserRow[] = [];
    for (const { row, hay } of this.#order(query)) {
      if (query.role && row.role !== query.role) continue;
      if (query.status === "OPEN" ? !row.openReset : query.status && statusKey(row) !== query.status) continue;
      if (words.every((word) => hay.includes(word))) found.push(row);
    }
    return found;
  }

  /** Which statuses and roles occur, with how often. */
  counts(): { statuses: Map<string, number>; roles: Map<string, number>; open: number } {
    const statuses = new Map<string, number>();
    const roles = new Map<string, number>();
    let open = 0;
    for (const { row } of this.#prepared) {
      const status = statusKey(row);
      if (status) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (row.role) roles.set(row.role, (roles.get(row.role) ?? 0) + 1);
      if (row.openReset) open += 1;
    }
    return { statuses, roles, open };
  }
}

/** How many there are, and how many of them are shown. */
export function foundText(found: number, total: number): string {
  const noun = total === 1 ? "user" : "users";
  return found === total ? `${count(total)} ${noun}` : `${count(found)} of ${count(total)} ${noun}`;
}

export const printedText = (printed: number, total: number): string =>
  `The first ${count(printed)} of ${count(total)} users.`;

export const NO_USERS = { title: "This workspace has no users", sentence: "Fireblocks answered with an empty list." };

export const NOBODY_FOUND = { title: "Nobody found", sentence: "No user matches this search and these filters." };
