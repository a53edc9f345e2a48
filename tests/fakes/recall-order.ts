type Order = Record<string, unknown>;

const isObject = (value: unknown): value is Order =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const messageLimits = [
  ["meet.google.com", 500],
  ["zoom.us", 4_096],
  ["teams.", 4_096],
] as const;

/** What an order is refused for, by field; null: nothing. As far as an order of ours can come near it. */
export function recallRefusal(order: Order): Record<string, string[]> | null {
  const problems: Record<string, string[]> = {};
  const url = order["meeting_url"];
  if (typeof url !== "string") problems["meeting_url"] = ["This field is required."];
  else if (
    !/^https:\/\/(meet\.google\.com|([\w-]+\.)?zoom\.us|teams\.(microsoft|live)\.com|([\w-]+\.)?webex\.com)\//.test(url)
  ) {
    problems["meeting_url"] = ["Could not parse the meeting URL."];
  }
  if (typeof order["bot_name"] !== "string" || order["bot_name"].length > 100) {
    problems["bot_name"] = ["Ensure this field has no more than 100 characters."];
  }
  const metadata = order["metadata"];
  if (
    metadata !== undefined &&
    !(isObject(metadata) && Object.values(metadata).every((each) => typeof each === "string"))
  ) {
    problems["metadata"] = ["Not a valid string."];
  }
  const chat = chatProblem(order["chat"], String(url));
  if (chat !== null) problems["chat"] = [chat];
  return Object.keys(problems).length === 0 ? null : problems;
}

function chatProblem(chat: unknown, url: string): string | null {
  if (chat === undefined) return null;
  const told = isObject(chat) ? chat["on_bot_join"] : undefined;
  if (!isObject(told) || told["send_to"] !== "everyone" || typeof told["message"] !== "string") return "Invalid data.";
  const most = messageLimits.find(([host]) => url.includes(host))?.[1] ?? 0;
  return told["message"].length > most ? `Ensure this field has no more than ${most} characters.` : null;
}
