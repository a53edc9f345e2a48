/** What mail filters and pages put around a link: the real one stands in the named parameter. */
const wrappers: { host: RegExp; parameter: string }[] = [
  { host: /\.safelinks\.protection\.(outlook\.com|office365\.us|partner\.outlook\.cn)$/, parameter: "url" },
  { host: /^statics\.teams\.cdn\.office\.net$/, parameter: "url" },
  { host: /^(www\.)?google\.com$/, parameter: "q" },
  { host: /^(www\.)?google\.com$/, parameter: "url" },
  { host: /^urldefense\.proofpoint\.com$/, parameter: "u" },
  { host: /^linkprotect\.cudasvc\.com$/, parameter: "a" },
  { host: /^slack-redir\.net$/, parameter: "url" },
];
const mostLayers = 5;

/** The link that people get to in the end, as far as the wrapped one tells it by itself: nothing is asked. */
export function unwrapped(link: URL): URL {
  let inner = link;
  for (let layer = 0; layer < mostLayers; layer += 1) {
    const next = within(inner);
    if (next === null) break;
    inner = next;
  }
  return inner;
}

function within(link: URL): URL | null {
  const proofpoint = /^urldefense\.(com|us|proofpoint\.com)$/.test(link.hostname);
  if (proofpoint && link.pathname.startsWith("/v3/")) return URL.parse(fromVersion3(link.href));
  for (const { host, parameter } of wrappers) {
    const held = host.test(link.hostname) ? link.searchParams.get(parameter) : null;
    if (held !== null) return URL.parse(proofpoint && link.pathname.startsWith("/v2/") ? fromVersion2(held) : held);
  }
  // The page that asks whether to open Teams names the meeting's own page by its path.
  const page = link.hostname.startsWith("teams.") && link.pathname.startsWith("/dl/") && link.searchParams.get("url");
  return page ? URL.parse(page, link) : null;
}

/** Proofpoint's second form writes "%" as "-" and "/" as "_". */
function fromVersion2(held: string): string {
  const encoded = held.replaceAll("-", "%").replaceAll("_", "/");
  return URL.canParse(encoded) ? encoded : decoded(encoded);
}

const lengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Proofpoint's third form is "/v3/__<link>__;<characters>!…": each "*" in the link stands for the next of the
 * characters, "**B" for as many as the letter says.
 */
function fromVersion3(link: string): string {
  const begins = link.indexOf("__") + 2;
  const ends = link.indexOf("__;", begins);
  if (begins < 2 || ends < 0) return "";
  const characters = fromBase64(link.slice(ends + 3).split("!", 1)[0] ?? "");
  let taken = 0;
  const inner = link.slice(begins, ends).replace(/\*(?:\*(.))?/g, (_, run: string | undefined) => {
    const count = run === undefined ? 1 : lengths.indexOf(run) + 2;
    taken += count;
    return characters.slice(taken - count, taken);
  });
  return inner.replace(/^(https?):\/+/i, "$1://");
}

function fromBase64(text: string): string {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** Percent signs read where they spell characters; the text itself where they do not. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
