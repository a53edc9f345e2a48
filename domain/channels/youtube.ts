const site = "https://www.youtube.com";
const hosts = new Set(["youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"]);
const idShape = /^UC[\w-]{22}$/;
// Letters of any script; YouTube allows 3 to 30.
const handleShape = /^@[\p{L}\p{N}\p{M}_.·-]{3,30}$/u;

/**
 * The address of a channel of YouTube by what people know of it: its address in any form, its @handle or its id. Null:
 * it names no channel, as the address of a video does not.
 */
export function youtubeAddress(text: string): string | null {
  const said = text.trim();
  if (idShape.test(said)) return `${site}/channel/${said}`;
  if (handleShape.test(said)) return `${site}/${said}`;
  const url = URL.parse(/^https?:\/\//i.test(said) ? said : `https://${said}`);
  if (url === null || !hosts.has(url.hostname)) return null;
  const [first = "", second = ""] = url.pathname.slice(1).split("/").map(decoded);
  if (handleShape.test(first)) return `${site}/${first}`;
  if (first === "channel") return idShape.test(second) ? `${site}/channel/${second}` : null;
  if (first === "feeds") return youtubeAddress(url.searchParams.get("channel_id") ?? "");
  const isNamed = (first === "c" || first === "user") && /^[\p{L}\p{N}\p{M}_.-]{1,100}$/u.test(second);
  return isNamed ? `${site}/${first}/${second}` : null;
}

/** The id in a channel's address; null where it has a name instead. */
export function channelIdOf(address: string): string | null {
  const id = URL.parse(address)?.pathname.split("/")[2] ?? "";
  return idShape.test(id) ? id : null;
}

/**
 * Where a channel's older videos are listed: the Data API's page of that token, or where there is none, all of what lies
 * behind the few that its feed has.
 */
export const olderAddress = (id: string, token = ""): string =>
  `${channelAddress(id)}?${new URLSearchParams({ older: token })}`;

/** The token in such an address; null where it is another one. */
export const olderToken = (address: string): string | null => new URL(address).searchParams.get("older");

export const channelAddress = (id: string): string => `${site}/channel/${id}`;
/** The list of all that a channel has uploaded, at a site's address. */
export const uploadsAddress = (at: string, channelId: string): string => `${at}/playlist?list=UU${channelId.slice(2)}`;
export const videoAddress = (id: string): string => `${site}/watch?v=${id}`;

/** A video's address as YouTube shortens it: its id is no secret, and stays when queries are left out. */
export function shortAddress(address: string): string {
  const id = URL.parse(address)?.searchParams.get("v") ?? "";
  return isVideoId(id) ? `https://youtu.be/${id}` : address;
}

export const isVideoId = (id: string): boolean => /^[\w-]{11}$/.test(id);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
