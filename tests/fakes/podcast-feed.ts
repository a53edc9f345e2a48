/** An episode of the fake host; its file is served at `/media/<file>`. */
export interface FakeEpisode {
  guid: string | null;
  title: string;
  file: string;
  publishedAt?: Date;
  duration?: string;
  description?: string;
  type?: string;
  /** What the enclosure says; not what is served. */
  length?: number;
  /** More of the item, as XML. */
  more?: string;
}

const escape = (text: string) => text.replace(/[&<>"]/g, (each) => `&#${each.codePointAt(0)};`);

/** A podcast's RSS as common hosts write it. */
export function rssOf(episodes: FakeEpisode[], { url, hub }: { url: string; hub: string | null }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:psc="http://podlove.org/simple-chapters">
<channel>
<title>Morning Talks</title>
<link>${url}/</link>
<description>Talks &amp;amp; more, each morning.</description>
<language>en</language>
<itunes:author>Ada Example</itunes:author>
<itunes:image href="${url}/cover.jpg"/>
<atom:link rel="self" type="application/rss+xml" href="${url}/feed.xml"/>
${hub === null ? "" : `<atom:link rel="hub" href="${hub}"/>`}
${episodes.map((episode) => itemOf(episode, url)).join("\n")}
</channel>
</rss>
`;
}

const itemOf = (
  { guid, title, file, publishedAt, duration, description, type, length, more }: FakeEpisode,
  url: string,
) =>
  `<item>
${guid === null ? "" : `<guid isPermaLink="false">${escape(guid)}</guid>`}
<title>${escape(title)}</title>
${publishedAt === undefined ? "" : `<pubDate>${publishedAt.toUTCString()}</pubDate>`}
${duration === undefined ? "" : `<itunes:duration>${duration}</itunes:duration>`}
${description === undefined ? "" : `<description>${escape(description)}</description>`}
<enclosure url="${escape(`${url}/media/${file}`)}" length="${length ?? 0}" type="${type ?? "audio/mpeg"}"/>
${more ?? ""}
</item>`;
