import { cut } from "./text.ts";

// Zero-width and direction characters; the two joiners stay, since Persian words and emoji are spelt with them.
const invisible = /(?![\u200C\u200D])\p{Cf}+/gu;

/**
 * One line of a stranger's text, made inert: no control or direction characters, no HTML tag, no Markdown link or
 * image, at most `limit` characters. What could act is spelt so that it cannot; what can be read stays readable.
 */
export function inertText(text: string, limit: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(invisible, "")
    .replace(/<(?=[a-z!/?])/gi, "‹")
    .replace(/\](?=[[(:])/g, "] ")
    .replace(/!(?=\[)/g, "! ")
    .replace(/\b(javascript|vbscript):/gi, "$1 :")
    .trim();
  return clipped(line, limit);
}

function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = cut(text, limit - 1);
  const space = head.lastIndexOf(" ");
  return `${space > limit / 2 ? head.slice(0, space) : head}…`;
}
