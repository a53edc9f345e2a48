/**
 * The words that our addresses are made of, those of better-auth and React Router too. A test holds the list to the
 * routes.
 */
const words = new Set(
  [
    "api assets icon.svg practice-microphone.js healthz readyz openapi.json docs scalar.js google-calendar microsoft-calendar webhook websub attendee recall vexa",
    "sign-in sign-up sign-out forgot-password reset-password invite join call theme sample settings notifications",
    "recordings new meetings join-bot calendar.ics agents runs bots inbox stream workspaces",
    "cancel retry transcribe audio peaks export transcript conversations speakers merge merges undo segments analyses action-items",
    "calendars calendar events preferences auto-join worker override logs sync recorders stop meeting-status sessions record rules connections connect google microsoft callback accounts log",
    "status leave call-agent next-session replay members invites accept keys account read uploads",
    "auth email token get-session list-sessions revoke-session revoke-sessions revoke-other-sessions change-password",
    "channels sources open check pause videos start episodes publish withdraw discard cut jobs active stats backfills podcasts feed.xml listeners intro outro cover import channels.opml",
    "live ws meeting practice agent socket.io _root __manifest",
  ].flatMap((line) => line.split(" ")),
);
const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A request's target as logs may have it: the path alone, and of that only the words of our own addresses and ids. All
 * else is "…", since links hold secrets, and whatever mangles a link (a mail program, a person, an attacker) leaves the
 * secret where no rule for the right form would look for it.
 */
export function loggedPath(target: string): string {
  const withoutHost = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const [path = ""] = withoutHost.split(/[?#]/, 1);
  return path.split("/").map(loggedSegment).join("/");
}

function loggedSegment(segment: string): string {
  const [, name = "", data = ""] = /^(.*?)(\.data)?$/s.exec(segment) ?? [];
  return name === "" || words.has(name) || idForm.test(name) ? segment : `…${data}`;
}
