/**
 * What a reasoning model thinks before it answers, where its server leaves that in the answer. A template that opens the
 * block itself leaves only its end to be seen.
 */
const blocks = [
  { open: "<think>", close: "</think>" },
  { open: "<thinking>", close: "</thinking>" },
  { open: "<thought>", close: "</thought>" },
  { open: "<reasoning>", close: "</reasoning>" },
  { open: "<seed:think>", close: "</seed:think>" },
  { open: "[THINK]", close: "[/THINK]" },
  { open: "◁think▷", close: "◁/think▷" },
  { open: "<|channel>thought", close: "<channel|>" },
  // gpt-oss: the answer is the last channel.
  { open: "<|channel|>analysis", close: "<|channel|>final<|message|>" },
] as const;

type Block = (typeof blocks)[number];

const longestMark = Math.max(...blocks.flatMap(({ open, close }) => [open.length, close.length]));

/** The answer without the thoughts before it. Thoughts that never end are all there is, and nothing is left. */
export function withoutReasoning(text: string): string {
  const filter = createReasoningFilter({ startsOpen: true });
  return filter.take(text) + filter.end();
}

export interface ReasoningFilter {
  /** What of the answer may be shown now, the text being given piece by piece. */
  take(piece: string): string;
  /** What is left once the answer is whole. */
  end(): string;
  /** Whether thoughts ended that were never seen to begin. */
  readonly wasOpen: boolean;
}

/**
 * Keeps thoughts back from an answer that comes in pieces, wherever a mark is cut in two. `startsOpen`: the answer may
 * begin within thoughts, so nothing of it is shown before their end; where none comes, it is given as a whole.
 */
export function createReasoningFilter({ startsOpen }: { startsOpen: boolean }): ReasoningFilter {
  let held = "";
  let inside: Block | null = null;
  let isUnsure = startsOpen;
  let isTrimming = true;
  let wasOpen = false;

  const skip = (length: number) => {
    held = held.slice(length);
    isTrimming = true;
  };

  function show(length: number): string {
    const text = isTrimming ? held.slice(0, length).trimStart() : held.slice(0, length);
    held = held.slice(length);
    if (text !== "") isTrimming = false;
    return text;
  }

  /** Passes over one mark, and says whether there was one; what is shown before it goes to `out`. */
  function passMark(out: string[]): boolean {
    const begin = inside === null ? firstOf(held, ({ open }) => open) : null;
    const end = firstOf(held, ({ close }) => close, inside);
    if (end !== null && (begin === null || end.at < begin.at || isUnsure)) {
      wasOpen ||= inside === null && (begin === null || end.at < begin.at);
      inside = null;
      isUnsure = false;
      skip(end.at + end.mark.length);
      return true;
    }
    if (begin === null || isUnsure) return false;
    out.push(show(begin.at));
    inside = begin.block;
    skip(begin.mark.length);
    return true;
  }

  function take(piece: string): string {
    held += piece;
    const out: string[] = [];
    while (passMark(out));
    // All but what may be the beginning of a mark.
    if (inside !== null) held = held.slice(-longestMark);
    else if (!isUnsure) out.push(show(held.length - openEnd(held)));
    return out.join("");
  }

  return {
    take,
    end() {
      isUnsure = false;
      const rest = take("");
      return inside === null ? rest + show(held.length) : rest;
    },
    get wasOpen() {
      return wasOpen;
    },
  };
}

function firstOf(text: string, markOf: (block: Block) => string, only: Block | null = null) {
  let first: { at: number; mark: string; block: Block } | null = null;
  for (const block of only === null ? blocks : [only]) {
    const mark = markOf(block);
    const at = text.indexOf(mark);
    if (at >= 0 && (first === null || at < first.at)) first = { at, mark, block };
  }
  return first;
}

/** How many of the last characters may be the beginning of a mark, or are half of a character. */
function openEnd(text: string): number {
  for (let length = Math.min(longestMark - 1, text.length); length > 0; length -= 1) {
    const tail = text.slice(-length);
    if (blocks.some(({ open, close }) => open.startsWith(tail) || close.startsWith(tail))) return length;
  }
  return /[\uD800-\uDBFF]$/.test(text) ? 1 : 0;
}
