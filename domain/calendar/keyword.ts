const letterOrDigit = /[\p{L}\p{N}\p{M}]/u;
const spaceless =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;

// To upper case first, which makes one of "ß" and "SS".
const comparable = (text: string) =>
  text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").replace(/\s+/g, " ").trim();

/**
 * Whether a title holds a keyword. Case and the way characters are written do not matter. A keyword that begins or ends
 * with a letter or a digit stands there as a word or phrase of its own: "HR" is not in "three", "1:1" not in "11:15".
 * Scripts without spaces between words, and Korean with its endings, know no such border: there it is enough that the
 * keyword occurs.
 */
export function holdsKeyword(title: string, keyword: string): boolean {
  const text = comparable(title);
  const sought = comparable(keyword);
  if (sought === "") return false;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    const end = at + sought.length;
    if (isBorder(text, at) && isBorder(text, end)) return true;
  }
  return false;
}

function isBorder(text: string, at: number): boolean {
  // Two units back may begin with half a character; the last one is whole.
  const before = /.$/su.exec(text.slice(Math.max(0, at - 2), at))?.[0] ?? " ";
  const after = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
  if (!letterOrDigit.test(before) || !letterOrDigit.test(after)) return true;
  return spaceless.test(before) || spaceless.test(after);
}
