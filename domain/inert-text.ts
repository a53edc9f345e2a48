// Zero-width and direction characters; the two joiners stay, since Persian words and emoji are spelt with them.
const invisible = /(?![\u200C\u200D])\p{Cf}+/gu;

/**
 * One line of a stranger's text, made inert: no control or direction characters, no HTML tag, no Markdown link or
 * image, at most `limit` characters. What could act is spelt so that it cannot; what can be read stays readable.
 */
export function inertText(text: string, limit: number): string {
  const line = text
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
  const cut = text.slice(0, limit - 1);
  const space = cut.lastIndexOf(" ");
  const end = space > limit / 2 ? cut.slice(0, space) : cut;
  // A cut through a surrogate pair would leave half a character.
  return `${end.replace(/[\uD800-\uDBFF]$/, "")}…`;
}
