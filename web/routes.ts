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
      route("record", "routes/record.tsx"),
      route("meetings", "routes/meetings.tsx"),
      route("meetings/new", "routes/meeting-new.tsx"),
      route("meetings/:id", "routes/meeting.tsx"),
      route("meetings/:id/call", "routes/call.tsx"),
      route("meetings/:id/calendar.ics", "routes/meeting-ics.ts"),
      route("agents", "routes/agents.tsx"),
      route("agents/new", "routes/agent-new.tsx"),
      route("agents/:id", "routes/agent.tsx"),
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
  route("join/:id/:token", "routes/join.tsx"),
  route("join/:id/:token/call", "routes/join-call.ts"),
  route("theme", "routes/theme.ts"),
] satisfies RouteConfig;
