import { index, layout, route } from "@react-router/dev/routes";
import type { RouteConfig } from "@react-router/dev/routes";

export default [
  layout("routes/shell.tsx", [
    layout("routes/page.tsx", [
      index("routes/home.tsx"),
      route("recordings", "routes/recordings.tsx"),
      route("sample", "routes/sample.ts"),
      route("recordings/new", "routes/upload.tsx"),
      route("recordings/:id", "routes/recording.tsx"),
      route("runs", "routes/runs.tsx"),
      route("runs/:id", "routes/run.tsx"),
      route("inbox", "routes/inbox.tsx"),
      route("inbox/:id", "routes/delivery.tsx"),
      route("notifications", "routes/notifications.tsx"),
      route("settings", "routes/settings.tsx"),
      route("workspaces/:id", "routes/workspace.tsx"),
      route("*", "routes/not-found.tsx"),
    ]),
  ]),
  route("sign-in", "routes/sign-in.tsx"),
  route("sign-up", "routes/sign-up.tsx"),
  route("sign-out", "routes/sign-out.ts"),
  route("invite/:token", "routes/invite.tsx"),
  route("theme", "routes/theme.ts"),
] satisfies RouteConfig;
