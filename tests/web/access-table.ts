/**
 * What each route answers to whom. `stranger` has an account and no part in the workspace; `viewer`, `member` and
 * `admin` have that role in it. `body` and `path` name the workspace's own things by `:words`.
 */
export interface Row {
  path?: string;
  body?: unknown;
  /** The reference design's own error bodies, in the place of ours. */
  plainErrors?: true;
  stranger: number;
  viewer: number;
  member: number;
  admin: number;
}
const reading = { stranger: 404, viewer: 200, member: 200, admin: 200 };
const own = { stranger: 200, viewer: 200, member: 200, admin: 200 };
const doing = (status: number) => ({ stranger: 404, viewer: 403, member: status, admin: status });
// For administrators of the server; a role in a workspace is none there.
const operating = { stranger: 403, viewer: 403, member: 403, admin: 403 };
// Of one person alone: nobody's role in a workspace opens it.
const ofOne = { stranger: 404, viewer: 404, member: 404, admin: 404 };
const managing = (status: number) => ({ stranger: 404, viewer: 403, member: 403, admin: status });

export const table: Record<string, Row> = {
  "GET /recordings": own,
  "GET /recordings/:id": reading,
  "PATCH /recordings/:id": { body: { title: "New" }, ...doing(200) },
  "POST /recordings": { path: "/recordings", ...doing(202) },
  // One that was uploaded has its sound.
  "POST /recordings/:id/audio": doing(409),
  "POST /recordings/:id/cancel": doing(202),
  "POST /recordings/:id/retry": doing(202),
  // One that is worked on is not begun anew.
  "POST /recordings/:id/transcribe": { body: {}, ...doing(409) },
  "POST /runs/:id/cancel": { path: "/runs/:run/cancel", ...doing(202) },
  "POST /runs/:id/retry": { path: "/runs/:run/retry", ...doing(202) },
  "GET /recordings/:id/audio": reading,
  "GET /recordings/:id/peaks": reading,
  "GET /recordings/:id/export": reading,
  "GET /recordings/:id/transcript": reading,
  "PATCH /conversations/:id/speakers/:label": {
    path: "/conversations/:id/speakers/SPEAKER_01",
    body: { displayName: "Ann" },
    ...doing(200),
  },
  "POST /conversations/:id/speakers/:label/merge": {
    path: "/conversations/:id/speakers/SPEAKER_02/merge",
    body: { into: "SPEAKER_01" },
    ...doing(200),
  },
  "GET /conversations/:id/merges": reading,
  "POST /conversations/:id/merges/:mergeId/undo": { path: "/conversations/:id/merges/:merge/undo", ...doing(200) },
  "PATCH /conversations/:id/segments": {
    body: { segmentIds: [":segment"], label: "SPEAKER_01" },
    ...doing(200),
  },
  "PATCH /conversations/:id/segments/:segmentId": {
    path: "/conversations/:id/segments/:segment",
    body: { text: "Better." },
    ...doing(200),
  },
  "POST /conversations/:id/analyses": { body: {}, ...doing(202) },
  "PATCH /action-items/:id": { path: "/action-items/:item", body: { done: true }, ...doing(200) },
  "GET /live": { path: "/live?watch=workspace:none@0", ...own },
  "GET /runs": own,
  "GET /accounts": operating,
  "PATCH /accounts/:id": { path: "/accounts/:other", body: { role: "admin" }, ...operating },
  "GET /inbox": operating,
  "GET /inbox/:id": { path: "/inbox/:key", ...operating },
  "POST /inbox/:id/replay": { path: "/inbox/:key/replay", ...operating },
  "GET /workspaces": own,
  "POST /workspaces": { body: { name: "New" }, stranger: 201, viewer: 201, member: 201, admin: 201 },
  "GET /workspaces/:id/members": { path: "/workspaces/:workspace/members", ...reading },
  "POST /workspaces/:id/members": { path: "/workspaces/:workspace/members", body: {}, ...managing(201) },
  "PATCH /workspaces/:id/members/:userId": {
    path: "/workspaces/:workspace/members/:other",
    body: { role: "viewer" },
    ...managing(200),
  },
  "DELETE /workspaces/:id/members/:userId": { path: "/workspaces/:workspace/members/:other", ...managing(204) },
  "GET /workspaces/:id/invites": { path: "/workspaces/:workspace/invites", ...managing(200) },
  "DELETE /workspaces/:id/invites/:inviteId": { path: "/workspaces/:workspace/invites/:invite", ...managing(204) },
  "POST /invites/:token/accept": {
    path: "/invites/not-a-token/accept",
    stranger: 404,
    viewer: 404,
    member: 404,
    admin: 404,
  },
  "GET /keys": own,
  "POST /keys": { body: {}, stranger: 201, viewer: 201, member: 201, admin: 201 },
  "DELETE /keys/:id": { path: "/keys/:key", ...ofOne },
  // By a wrong password: who may do it would be gone.
  "DELETE /account": { body: { password: "another" }, ...operating },
  "GET /notifications": own,
  "POST /notifications/read": { body: {}, stranger: 204, viewer: 204, member: 204, admin: 204 },
  "DELETE /recordings/:id": doing(204),
  "GET /agents": own,
  "POST /agents": { body: { name: "x", workspaceId: ":workspace" }, ...doing(201) },
  "GET /agents/:id": { path: "/agents/:agent", ...reading },
  "PATCH /agents/:id": { path: "/agents/:agent", body: { name: "x" }, ...doing(200) },
  "DELETE /agents/:id": { path: "/agents/:agent", ...doing(204) },
  "GET /meetings": own,
  "POST /meetings": { body: { name: "x", agentId: ":agent" }, ...doing(202) },
  "GET /meetings/:id": { path: "/meetings/:meeting", ...reading },
  "PATCH /meetings/:id": { path: "/meetings/:meeting", body: { name: "x" }, ...doing(200) },
  "DELETE /meetings/:id": { path: "/meetings/:meeting", ...doing(204) },
  "GET /meetings/:id/status": { path: "/meetings/:meeting/status", plainErrors: true, ...reading },
  "GET /meetings/:id/transcript": { path: "/meetings/:meeting/transcript", ...reading },
  "GET /meetings/:id/audio": { path: "/meetings/:meeting/audio", ...reading },
  "POST /meetings/:id/join": { path: "/meetings/:meeting/join", body: {}, ...doing(200) },
  "POST /meetings/:id/leave": { path: "/meetings/:meeting/leave", body: { last: true }, ...doing(202) },
  "POST /meetings/:id/cancel": { path: "/meetings/:meeting/cancel", ...doing(202) },
  "POST /meetings/:id/retry": { path: "/meetings/:meeting/retry", ...doing(202) },
  "GET /calendars": own,
  "POST /calendars": {
    body: { kind: "ics", url: "https://example.com/a.ics", workspaceId: ":workspace" },
    ...doing(201),
  },
  "GET /calendars/:id": { path: "/calendars/:calendar", ...ofOne },
  "PATCH /calendars/:id": { path: "/calendars/:calendar", body: { included: false }, ...ofOne },
  "DELETE /calendars/:id": { path: "/calendars/:calendar", ...ofOne },
  "POST /calendars/:id/sync": { path: "/calendars/:calendar/sync", ...ofOne },
  "GET /calendar/events": own,
  "GET /calendar/events/:id": { path: "/calendar/events/:event", ...ofOne },
  "GET /calendar/preferences": own,
  "PATCH /calendar/preferences": { body: { auto_record_enabled: true }, ...own },
  "POST /calendar/auto-join/override": { body: { eventId: ":event", override: "never" }, ...ofOne },
  "GET /calendar/auto-join/logs": own,
  "GET /recorders": own,
  "POST /recorders": {
    body: { meetingUrl: "https://meet.google.com/abc-defg-hij", workspaceId: ":workspace" },
    ...doing(202),
  },
  "GET /recorders/:id": { path: "/recorders/:recorder", ...reading },
  "POST /recorders/:id/stop": { path: "/recorders/:recorder/stop", ...doing(202) },
  "GET /channels": own,
  "POST /channels": {
    body: { source: "feed", url: "https://example.com/feed.xml", rights: true, workspaceId: ":workspace" },
    ...doing(201),
  },
  "POST /sources/:source/open": { path: "/sources/youtube/open", ...operating },
  "GET /channels.opml": own,
  "POST /channels.opml": {
    path: "/channels.opml",
    body: {
      opml: '<opml><body><outline xmlUrl="https://podcast.example.com/listed.xml"/></body></opml>',
      rights: true,
      workspaceId: ":workspace",
    },
    ...doing(200),
  },
  "GET /channels/:id": { path: "/channels/:channel", ...reading },
  "PATCH /channels/:id": { path: "/channels/:channel", body: { mode: "hold" }, ...doing(200) },
  "DELETE /channels/:id": { path: "/channels/:channel", ...doing(204) },
  "POST /channels/:id/check": { path: "/channels/:channel/check", ...doing(202) },
  "POST /channels/:id/pause": { path: "/channels/:channel/pause", body: {}, ...doing(200) },
  "GET /channels/:id/videos": { path: "/channels/:channel/videos", ...reading },
  "POST /channels/:id/videos": {
    path: "/channels/:uploads/videos",
    body: { recordingId: ":id" },
    ...doing(202),
  },
  "GET /channels/:id/episodes": { path: "/channels/:channel/episodes", ...reading },
  "POST /channels/:id/videos/:videoId/start": { path: "/channels/:channel/videos/:video/start", ...doing(202) },
  "GET /channels/:id/listeners": { path: "/channels/:channel/listeners", ...doing(200) },
  "POST /channels/:id/listeners": { path: "/channels/:channel/listeners", body: { name: "Bo" }, ...doing(201) },
  "DELETE /channels/:id/listeners/:listenerId": { path: "/channels/:channel/listeners/:listener", ...doing(204) },
  // Without a file.
  "POST /channels/:id/intro": { path: "/channels/:channel/intro", ...doing(415) },
  "GET /channels/:id/intro": { path: "/channels/:channel/intro", ...reading },
  "DELETE /channels/:id/intro": { path: "/channels/:channel/intro", ...doing(204) },
  "POST /channels/:id/outro": { path: "/channels/:channel/outro", ...doing(415) },
  "GET /channels/:id/outro": { path: "/channels/:channel/outro", ...reading },
  "DELETE /channels/:id/outro": { path: "/channels/:channel/outro", ...doing(204) },
  "POST /channels/:id/cover": { path: "/channels/:channel/cover", ...doing(415) },
  "GET /channels/:id/cover": { path: "/channels/:channel/cover", ...reading },
  "DELETE /channels/:id/cover": { path: "/channels/:channel/cover", ...doing(204) },
  "GET /episodes/:id": { path: "/episodes/:episode", ...reading },
  "PATCH /episodes/:id": { path: "/episodes/:episode", body: { title: "x" }, ...doing(200) },
  "GET /episodes/:id/audio": { path: "/episodes/:episode/audio", ...reading },
  "POST /episodes/:id/cut": { path: "/episodes/:episode/cut", body: { start: 0, end: 2 }, ...doing(202) },
  "POST /episodes/:id/publish": { path: "/episodes/:episode/publish", ...doing(200) },
  "POST /episodes/:id/withdraw": { path: "/episodes/:episode/withdraw", ...doing(200) },
  "POST /episodes/:id/discard": { path: "/episodes/:episode/discard", ...doing(200) },
  "GET /agents/:id/jobs": { path: "/agents/:channel/jobs", plainErrors: true, ...reading },
  "GET /agents/:id/jobs/active": { path: "/agents/:channel/jobs/active", plainErrors: true, ...reading },
  "GET /agents/:id/jobs/:jobId": { path: "/agents/:channel/jobs/:job", plainErrors: true, ...reading },
  "GET /agents/:id/stats": { path: "/agents/:channel/stats", plainErrors: true, ...reading },
  "POST /agents/:id/jobs/:jobId/retry": { path: "/agents/:channel/jobs/:job/retry", plainErrors: true, ...doing(202) },
  "POST /agents/:id/jobs/:jobId/cancel": {
    path: "/agents/:channel/jobs/:job/cancel",
    plainErrors: true,
    ...doing(202),
  },
  "GET /agents/:id/backfills": { path: "/agents/:channel/backfills", plainErrors: true, ...reading },
  "POST /agents/:id/backfills": {
    path: "/agents/:channel/backfills",
    body: { since: "2024-01-31" },
    ...doing(202),
  },
  "POST /agents/:id/backfills/:backfillId/retry": {
    path: "/agents/:channel/backfills/:backfill/retry",
    plainErrors: true,
    ...doing(202),
  },
  "POST /agents/:id/backfills/:backfillId/cancel": {
    path: "/agents/:channel/backfills/:backfill/cancel",
    plainErrors: true,
    ...doing(202),
  },
  "GET /calendar/meeting-status": own,
  "GET /sessions": own,
  "GET /meetings/:id/calendar.ics": { path: "/meetings/:meeting/calendar.ics", ...reading },
  "POST /meetings/:id/call-agent": { path: "/meetings/:meeting/call-agent", ...doing(202) },
  "POST /meetings/:id/next-session": { path: "/meetings/:meeting/next-session", ...doing(200) },
};
