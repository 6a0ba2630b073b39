/**
 * What is made once for each isolate and used by every request.
 *
 * @module
 */
import type { JWTVerifyGetKey } from "jose";
import { accessCerts } from "./access/certs";
import { RoleBook } from "./access/roles";
import { type Configuration, readConfiguration, warningsOf } from "./configuration";
import type { Bindings } from "./configuration/bindings";
import { Fireblocks } from "./fireblocks/upstream";
import type { Log } from "./log";
import { HelpRequests } from "./records/help-requests";
import { Records } from "./records/store";
import { BurstLimit } from "./resets/burst";

export interface Services {
  bindings: Bindings;
  configuration: Configuration;
  /** The Access team's signing keys. */
  certs: JWTVerifyGetKey;
  roleBook: RoleBook;
  fireblocks: Fireblocks;
  records: Records;
  help: HelpRequests;
  burst: BurstLimit;
  /** For what is neither Fireblocks nor Access. */
  outbound: typeof fetch;
  log: Log;
  now: () => number;
}

export interface ServiceOptions {
  fetch: typeof fetch;
  now: () => number;
  log: Log;
}

/** The services, or every problem of the configuration. */
export type Made = { ok: true; services: Services } | { ok: false; problems: string[] };

export function makeServices(bindings: Bindings, options: ServiceOptions): Made {
  const checked = readConfiguration(bindings);
  if (!checked.ok) {
    options.log({ level: "error", event: "configuration", problems: checked.problems });
    return checked;
  }
  const { configuration } = checked;
  const warnings = warningsOf(configuration);
  if (warnings.length > 0) options.log({ level: "warn", event: "configurationWarning", warnings });
  const { fetch: outbound, now, log } = options;
  return {
    ok: true,
    services: {
      bindings,
      configuration,
      certs: accessCerts(configuration.teamDomain.origin, outbound, now),
      roleBook: new RoleBook(configuration, outbound, now),
      fireblocks: new Fireblocks(configuration, outbound, now),
      records: new Records(bindings.DB, configuration, now),
      help: new HelpRequests(bindings.DB, now),
      burst: new BurstLimit(configuration.rateLimits ? bindings.RESET_LIMIT : undefined, now),
      outbound,
      log,
      now,
    },
  };
}
