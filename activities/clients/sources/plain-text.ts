import { Parser } from "htmlparser2";
import { cleanProse, cut } from "#domain/text.ts";

const mostHtml = 200_000;
const breaking =
  /^(?:address|article|blockquote|br|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul)$/;
const unseen = /^(?:head|iframe|noscript|object|script|style|svg|template|title)$/;

/** The words of a text that may be HTML, with its paragraphs and without anything that acts. */
export function plainText(html: string, most: number): string {
  const source = html.slice(0, mostHtml);
  // "3 < 4" is a text, "<p>" is HTML: a text's own lines are kept, and of HTML what breaks one.
  const hasTags = /<\/?[a-z][^<>]*>|<!--/i.test(source);
  const isHtml = hasTags || /&(?:#\w{1,7}|[a-z]{2,31});/i.test(source);
  return cut(tidy(isHtml ? textOf(source, hasTags) : source), most);
}

function textOf(html: string, hasTags: boolean): string {
  let text = "";
  let hidden = 0;
  const parser = new Parser({
    onopentag(name) {
      if (unseen.test(name)) hidden += 1;
      if (breaking.test(name)) text += name === "li" ? "\n- " : "\n";
    },
    ontext(data) {
      if (hidden === 0) text += hasTags ? data.replace(/\s+/g, " ") : data;
    },
    onclosetag(name) {
      if (unseen.test(name)) hidden -= 1;
      if (breaking.test(name) && !/^(?:br|hr|li)$/.test(name)) text += "\n";
    },
  });
  parser.end(html);
  return text;
}

const tidy = (text: string): string =>
  cleanProse(text)
    .replace(/[ \t\u00a0]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n");
