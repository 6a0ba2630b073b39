/**
 * What every entry of the package exports.
 *
 * @module
 */
export { BasePath, createClient, FireblocksError, inferProgress, init } from "./client.ts";
export {
  configure,
  getApproval,
  getApprovals,
  getAuditLogs,
  getConsoleUsers,
  getWorkspace,
  resetDevice,
  watchReset,
} from "./default-client.ts";
