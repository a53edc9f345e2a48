import type { Config } from "@react-router/dev/config";

export default {
  appDirectory: "web",
  ssr: true,
  // All routes are known from the first page on: without a connection none could be asked for.
  routeDiscovery: { mode: "initial" },
} satisfies Config;
