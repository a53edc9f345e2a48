/** A meeting as Vexa names it. */
export interface VexaLink {
  platform: "google_meet" | "zoom" | "teams";
  native_meeting_id: string;
}

/**
 * Vexa's own name of a meeting, by its link, as Vexa itself derives it; null: a link that it does not know, such as one
 * to a personal room by name. Source: Vexa-ai/vexa meeting-api, `collector/meeting_link.py`.
 */
export function vexaLinkOf(meetingUrl: string): VexaLink | null {
  const url = URL.parse(meetingUrl);
  if (url === null) return null;
  const { hostname, pathname, search } = url;
  if (hostname === "meet.google.com") {
    const code = /\/([a-z]{3}-[a-z]{4}-[a-z]{3})\/?$/.exec(pathname.toLowerCase())?.[1];
    return code === undefined ? null : { platform: "google_meet", native_meeting_id: code };
  }
  if (hostname.includes("zoom")) {
    const number = (/\d{9,11}/.exec(pathname) ?? /\d{9,11}/.exec(search))?.[0];
    return number === undefined ? null : { platform: "zoom", native_meeting_id: number };
  }
  if (!/(^|\.)teams\.(microsoft|live)\.com$/.test(hostname)) return null;
  const thread = /19:meeting_[^@%\s/]+@thread\.v2/i.exec(decoded(meetingUrl))?.[0];
  const id = thread ?? /\/meet\/([^/?#]+)/i.exec(pathname)?.[1];
  return id === undefined ? null : { platform: "teams", native_meeting_id: id };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
