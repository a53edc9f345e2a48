let rooms = 0;

/** The link of a Google Meet room of its own. */
export function newRoom(): string {
  const letters = String((rooms += 1)).replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "a");
  return `https://meet.google.com/abc-${letters.padStart(4, "x")}-xyz`;
}
