const plain = (word: string | undefined) => word?.toLowerCase().replace(/[^\p{L}\p{N}']+/gu, "") ?? "";

/**
 * Which words of an utterance that goes on will not change any more: those that two recognitions in a row agree on,
 * from the start. Gives the new ones, so that readers who only append are right.
 */
export function createLocalAgreement() {
  let before: string[] = [];
  let told = 0;

  return function agree(soFar: string): string {
    const words = soFar.split(/\s+/).filter((word) => word !== "");
    let same = 0;
    while (same < Math.min(words.length, before.length) && plain(words[same]) === plain(before[same])) same += 1;
    before = words;
    const fresh = words.slice(told, same);
    const lead = told > 0 ? " " : "";
    told = Math.max(told, same);
    return fresh.length === 0 ? "" : lead + fresh.join(" ");
  };
}
