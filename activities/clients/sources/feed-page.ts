import { Parser } from "htmlparser2";

const mostText = 1_000_000;
const feedTypes = /^(?:application|text)\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)\s*(?:;|$)/i;

/** Whether a text is a web page; feeds may hold whatever they like further in. */
export const isPage = (text: string): boolean =>
  /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype\s+html|html)[\s>]/i.test(text.slice(0, 4_000)) &&
  !/<(?:rss|feed|rdf:rdf)[\s>]/i.test(text.slice(0, 4_000));

/** The feed that a page names for programs; null where it names none. */
export function feedOfPage(html: string, base: string): string | null {
  let found: string | null = null;
  let from = base;
  const parser = new Parser({
    onopentag(name, { rel = "", type = "", href }) {
      const to = href === undefined ? null : URL.parse(href, from);
      if (to === null || found !== null) return;
      if (name === "base") from = to.href;
      const isFeed = name === "link" && /\balternate\b/i.test(rel) && feedTypes.test(type.trim());
      if (isFeed && /^https?:$/.test(to.protocol)) found = to.href;
    },
  });
  parser.end(html.slice(0, mostText));
  return found;
}
