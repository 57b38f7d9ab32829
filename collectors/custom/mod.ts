/** The users' own metrics. */
import { withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { customCollector } from "./collect.ts";
import { customSettings } from "./settings.ts";

/** The `custom` collector. */
export const customDefinition = withSettings({
  name: "custom",
  summary:
    "Own metrics: Prometheus text files, local /metrics addresses, commands that print JSON or Prometheus text",
  types: ["custom"],
  intervalSeconds: 60,
  deadlineMs: 25_000,
  settings: customSettings,
  detect(host, { textfile_directory, scrape, commands }) {
    if (textfile_directory !== undefined || scrape.length > 0 || commands.length > 0) return linuxOnly(host);
    const reason = "no own metrics are configured (collectors.custom: textfile_directory, scrape, commands)";
    return host.os === "linux" ? { status: "unsupported", reason } : linuxOnly(host);
  },
  create: customCollector,
});
