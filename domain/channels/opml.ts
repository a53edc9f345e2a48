import { Parser } from "htmlparser2";
import { element, emptyElement, textElement } from "./xml.ts";

/** A podcast or feed as lists of subscriptions have it. */
export interface ListedFeed {
  title: string;
  /** As it is written there: whether it is an address is looked at elsewhere. */
  url: string;
}

type Reading = { ok: true; feeds: ListedFeed[] } | { ok: false; problem: string };

/** Most feeds that a file may hold; apps rarely have so many. */
export const mostListed = 500;

/** Deeper than any list's folders, and so few that a parser's search among what is open takes no time. */
const deepest = 50;

const refused = (problem: string): Reading => ({ ok: false, problem });

/**
 * The feeds that an OPML file lists, in folders or not. It is read as a stream of elements: nothing that the file declares is
 * expanded, and nothing in it can make reading take longer than its length.
 */
export function readOpml(text: string): Reading {
  if (/<!ENTITY/i.test(text)) return refused("The file declares entities of its own, which no list of feeds needs.");
  const feeds: ListedFeed[] = [];
  let depth = 0;
  let root: string | null = null;
  let isWhole = false;
  const parser = new Parser(
    {
      onopentag(name, { xmlurl, title, text: words }) {
        depth += 1;
        if (depth > deepest) parser.pause();
        root ??= name;
        if (name === "outline" && xmlurl) feeds.push({ url: xmlurl, title: title || words || "" });
      },
      onclosetag(_name, isImplied) {
        depth -= 1;
        if (depth === 0) isWhole = !isImplied;
      },
    },
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(text);
  if (depth > deepest) return refused("The file's folders lie deeper in each other than those of any list.");
  parser.end();
  if (root !== "opml")
    return refused("This is no OPML file. Export the list from your podcast app as OPML, and give that file.");
  if (!isWhole) return refused("The file breaks off before its end. Export it again.");
  if (feeds.length === 0) return refused("The file lists no feeds. Give the list that your podcast app exports.");
  if (feeds.length > mostListed) {
    return refused(`The file lists ${feeds.length} feeds, and ${mostListed} are taken at a time.`);
  }
  return { ok: true, feeds };
}

interface Subscribable {
  title: string;
  description: string;
  feedUrl: string;
  siteUrl: string | null;
}

/** A file by which any app subscribes to podcasts. */
export const writeOpml = ({ title, at, podcasts }: { title: string; at: Date; podcasts: Subscribable[] }): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element("opml", { version: "2.0" }, [
    element("head", {}, [textElement("title", title), textElement("dateCreated", at.toUTCString())]),
    element(
      "body",
      {},
      podcasts.map(({ title: text, description, feedUrl, siteUrl }) =>
        emptyElement("outline", {
          type: "rss",
          text,
          title: text,
          xmlUrl: feedUrl,
          htmlUrl: siteUrl,
          description: description || null,
        }),
      ),
    ),
  ])}\n`;
