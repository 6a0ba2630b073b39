/**
 * What every entry of the package exports.
 *
 * @module
 */
export { BasePath, createClient, FireblocksError, init } from "./client.ts";
export {
  configure,
  getApproval,
  getApprovals,
  getAuditLogs,
  getConsoleUsers,
  getWorkspace,
  rejectApproval,
  resetDevice,
  watchReset,
} from "./default-client.ts";
export { inferProgress, isResetPending } from "./progress.ts";
