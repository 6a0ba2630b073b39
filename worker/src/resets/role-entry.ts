/**
 * Whether whoever asked may still ask, as far as that can be known without them.
 *
 * @module
 */
import { namedRoles } from "../access/roles";
import type { Configuration } from "../configuration";
import type { Row } from "../records/row";

/**
 * The entry that let the asker in must stand in the role list still. Whether its group still has the asker as a member can
 * only be seen at the asker's own sign-in.
 */
export function isStillInRole(row: Row, roles: Configuration["roles"]): boolean {
  if (row.role_entry !== null) return roles.resetter.has(row.role_entry);
  // A record that is older than the entry in it: a group cannot be told from any other then.
  return namedRoles(row.asker_kind, row.asked_by, roles).has("resetter");
}
