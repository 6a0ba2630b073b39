// The worker runs here as it is deployed, but for mail.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { repository } from "../../scripts/base/environment.mjs";
import { writeLocalConfig } from "../../scripts/local-config.mjs";

it.each([true, false])("the local configuration is that of a deployment, with mail played: %s", (playsMail) => {
  const dir = mkdtempSync(join(tmpdir(), "local-config-"));
  try {
    const local = readConfig({ config: writeLocalConfig(dir, { playsMail }) });
    const deployed = readConfig({ config: join(repository, "wrangler.jsonc") });
    const withoutPlaces = ({ configPath: _, userConfigPath: __, d1_databases, ...rest }: typeof local) => ({
      ...rest,
      d1_databases: d1_databases.map(({ migrations_dir, ...database }: { migrations_dir?: string }) => ({
        ...database,
        migrations_dir: join(repository, migrations_dir?.replace(repository, "") ?? ""),
      })),
    });
    expect(withoutPlaces(local)).toEqual({
      ...withoutPlaces(deployed),
      send_email: playsMail ? [{ name: "EMAIL" }] : [],
      assets: { ...deployed.assets, directory: join(repository, deployed.assets?.directory ?? "") },
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
