import { isKeepable } from "../text.ts";
import type { MeetingPlace, Platform } from "./event.ts";
import { decoded } from "./link-wrappers.ts";

/** Longer links and names are nobody's meeting. */
const limits = { url: 2_000, room: 200 };

const isUnder = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`);

/** The meeting that a link leads to; null for any other page, also one of the same platform. */
export function placeOf(link: URL, jitsiHosts: readonly string[]): MeetingPlace | null {
  if (link.protocol !== "https:" && link.protocol !== "http:") return null;
  // What stands before an "@" is there to look like another host.
  if (link.username !== "" || link.password !== "") return null;
  const platform = platformOf(link, jitsiHosts);
  if (platform === null) return null;
  const room = roomOf[platform](link);
  if (room === null || room.length > limits.room || !isKeepable(room)) return null;
  const url = platform === "jitsi" ? link.href : link.href.replace(/^http:/, "https:");
  return url.length > limits.url ? null : { platform, room, url };
}

function platformOf({ hostname, host, port }: URL, jitsiHosts: readonly string[]): Platform | null {
  if (jitsiHosts.includes(host)) return "jitsi";
  if (port !== "") return null;
  if (hostname === "meet.google.com") return "google_meet";
  if (zoomClouds.some((domain) => isUnder(hostname, domain))) return "zoom";
  if (teamsHosts.some((domain) => isUnder(hostname, domain))) return "teams";
  return hostname.endsWith(".webex.com") ? "webex" : null;
}

const zoomClouds = ["zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn"];
const teamsHosts = ["teams.microsoft.com", "teams.live.com", "teams.microsoft.us", "teams.cloud.microsoft"];

const roomOf: Record<Platform, (link: URL) => string | null> = {
  google_meet: googleRoom,
  zoom: zoomRoom,
  teams: teamsRoom,
  webex: webexRoom,
  jitsi: jitsiRoom,
};

function googleRoom({ pathname }: URL): string | null {
  const path = decoded(pathname).toLowerCase();
  const code = /^\/(?:_meet\/)?([a-z]{3})-?([a-z]{4})-?([a-z]{3})(?![\w-])/.exec(path);
  if (code !== null) return code.slice(1).join("-");
  const nickname = /^\/lookup\/([\w.-]+)/.exec(path);
  return nickname?.[1] ? `lookup/${nickname[1]}` : null;
}

/**
 * Numbers are known to a whole cloud of Zoom, so the host says nothing there; a personal name may stand for another
 * person at another company's host. The host of a region (us02web.zoom.us) is no company's.
 */
function zoomRoom({ hostname, pathname }: URL): string | null {
  const path = decoded(pathname);
  const number = /^\/(?:j|w|s|wc|wc\/join|launch\/jc)\/(\d{9,11})(?!\w)/.exec(path)?.[1];
  const cloud = hostname.endsWith("zoomgov.com") ? "gov/" : hostname.endsWith(".cn") ? "cn/" : "";
  if (number !== undefined) return cloud + number;
  const name = /^\/my\/([\w.-]+)/.exec(path)?.[1];
  if (name === undefined) return null;
  const labels = hostname.split(".").slice(0, cloud === "cn/" ? -3 : -2);
  const company = labels.filter((label) => !/^(www|web|[a-z]{2}\d\dweb)$/.test(label)).join(".");
  return `${cloud}my/${company === "" ? "" : `${company}/`}${name.toLowerCase()}`;
}

/** A thread's id holds letters that differ by case alone; a channel's thread holds many meetings, told by message. */
function teamsRoom({ hostname, pathname, hash }: URL): string | null {
  const path = decoded(decoded(pathname === "/_" ? hash.slice(1) : pathname));
  const thread = /^\/(?:_#\/)?l\/meetup-join\/(19:[\w:.-]+@thread\.\w+)(?:\/(\d+))?/i.exec(path);
  if (thread !== null) return `${thread[1]}/${thread[2] ?? 0}`;
  const number = /^\/(?:v2\/)?meet\/(\d{8,20})(?!\w)/.exec(path)?.[1];
  if (number === undefined) return null;
  return hostname === "teams.live.com" ? `live/${number}` : number;
}

/** A site's personal rooms are said as /meet/ and as /join/; planned meetings by a key that stands in the query. */
function webexRoom({ hostname, pathname, searchParams }: URL): string | null {
  const site = hostname.slice(0, -".webex.com".length);
  const path = decoded(pathname);
  const key = [...searchParams].find(([name]) => name.toLowerCase() === "mtid")?.[1];
  if (key && /^\w+$/.test(key) && /\/[a-z]\.php$|^\/(wbxmjs|webappng)\//i.test(path))
    return `${site}/${/^[a-z][0-9a-f]{32}$/i.test(key) ? key.toLowerCase() : key}`;
  const personal = /^\/(?:meet|join)\/([\w.@-]+)/i.exec(path)?.[1];
  if (personal !== undefined) return `${site}/meet/${personal.toLowerCase()}`;
  const planned = /^\/(?:m|(?:wbxmjs|webappng)\/[^?]{0,100}\/meeting\/\w+)\/([0-9a-f-]{32,36})/i.exec(path)?.[1];
  return planned === undefined ? null : `${site}/${planned.toLowerCase()}`;
}

const jitsiOwnPages = /^\/(static|libs|css|images|sounds|lang|fonts|http-bind|xmpp-websocket|colibri-ws)(\/|$)/i;

/** As Jitsi itself makes rooms' names the same: by compatibility form and in lower case. */
function jitsiRoom({ host, pathname }: URL): string | null {
  const path = decoded(pathname).normalize("NFKC").toLowerCase().replace(/\/+$/, "");
  if (path === "" || jitsiOwnPages.test(path)) return null;
  return host + path;
}
