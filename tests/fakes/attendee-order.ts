/** A refusal's body: `{"error": …}` of the view, or problems by field of the serializer. */
export type Refusal = Record<string, string | string[]>;

type Order = Record<string, unknown>;

const known = [
  "meeting_url bot_name bot_image metadata bot_chat_message join_at calendar_event_id deduplication_key webhooks",
  "callback_settings external_media_storage_settings voice_agent_settings transcription_settings websocket_settings",
  "rtmp_settings recording_settings google_meet_settings teams_settings zoom_settings debug_settings",
  "automatic_leave_settings",
].flatMap((line) => line.split(" "));

const meetLanguages = new Set(
  [
    "af-ZA sq-AL am-ET ar-EG ar-x-LEVANT ar-x-MAGHREBI ar-x-GULF ar-AE hy-AM az-AZ eu-ES bn-BD bg-BG my-MM ca-ES",
    "cmn-Hans-CN cmn-Hant-TW cs-CZ nl-NL en-US en-AU en-IN en-PH en-GB et-EE fil-PH fi-FI fr-FR fr-CA gl-ES ka-GE de-DE",
    "el-GR gu-IN iw-IL hi-IN hu-HU is-IS id-ID it-IT ja-JP jv-ID kn-IN kk-KZ km-KH rw-RW ko-KR lo-LA lv-LV lt-LT mk-MK",
    "ms-MY ml-IN mr-IN mn-MN ne-NP nso-ZA nb-NO fa-IR pl-PL pt-BR pt-PT ro-RO ru-RU sr-RS st-ZA si-LK sk-SK sl-SI es-MX",
    "es-ES su-ID sw ss-latn-ZA sv-SE ta-IN te-IN th-TH ve-ZA tn-latn-ZA tr-TR uk-UA ur-PK uz-UZ vi-VN xh-ZA ts-ZA zu-ZA",
  ].flatMap((line) => line.split(" ")),
);

/**
 * What `CreateBotSerializer` refuses an order for; null: nothing. Source: attendee-labs/attendee `bots/serializers.py`,
 * as far as an order of ours can come near it.
 */
export function orderRefusal(order: Order): Refusal | null {
  const problems: Refusal = {};
  for (const [name, check] of Object.entries(checks)) {
    const problem = check(order[name], order);
    if (problem !== null) problems[name] = [problem];
  }
  if (Object.keys(problems).length > 0) return problems;
  const unexpected = Object.keys(order).filter((name) => !known.includes(name));
  if (unexpected.length === 0) return null;
  const words = `Unexpected field(s): ${unexpected.toSorted().join(", ")}. Allowed fields are: ${known.toSorted().join(", ")}`;
  return { non_field_errors: [words] };
}

const checks: Record<string, (value: unknown, order: Order) => string | null> = {
  meeting_url: (value) => text(value) ?? (isMeeting(String(value)) ? null : "Invalid meeting URL"),
  bot_name: (value) => text(value) ?? basic("Bot name", String(value)),
  deduplication_key: (value) => (value === undefined ? null : text(value)),
  metadata: (value) => (value === undefined ? null : metadataProblem(value)),
  bot_chat_message: (value) => (value === undefined ? null : messageProblem(value)),
  recording_settings: (value) => (value === undefined ? null : recordingProblem(value)),
  transcription_settings: (value) => (value === undefined ? null : captionsProblem(value)),
};

function text(value: unknown): string | null {
  if (value === undefined) return "This field is required.";
  if (typeof value !== "string") return "Not a valid string.";
  return value.trim() === "" ? "This field may not be blank." : null;
}

const basic = (what: string, value: string): string | null =>
  /[\u{10000}-\u{10FFFF}]/u.test(value) ? `${what} cannot contain emojis or rare script characters.` : null;

const isMeeting = (url: string): boolean =>
  /^https:\/\/([\w-]+\.)*zoom\.(us|com)\/\D*\d+/.test(url) ||
  /^https:\/\/meet\.google\.com\/[a-zA-Z0-9-]+/.test(url) ||
  /^https:\/\/teams\.(microsoft|live)\.com\/(l\/meetup-join|meet)\//.test(url);

const isObject = (value: unknown): value is Order =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function metadataProblem(value: unknown): string | null {
  if (!isObject(value)) return "Metadata must be an object not an array or other type";
  if (Object.keys(value).length === 0) return "Metadata must have at least one key";
  const odd = Object.entries(value).find(([, each]) => typeof each !== "string");
  if (odd !== undefined) return `Value for key '${odd[0]}' must be a string`;
  return JSON.stringify(value).length > 1000 ? "Metadata must be less than 1000 characters" : null;
}

function messageProblem(value: unknown): string | null {
  if (!isObject(value)) return "Invalid data. Expected a dictionary.";
  if (!["everyone", "everyone_but_host", "specific_user", "only_bot"].includes(String(value["to"])))
    return `"${String(value["to"])}" is not a valid choice.`;
  const message = String(value["message"]);
  if (message.length > 10_000) return "Message must be less than 10000 characters";
  return text(value["message"]) ?? basic("Message", message);
}

function recordingProblem(value: unknown): string | null {
  if (!isObject(value)) return `${JSON.stringify(value)} is not of type 'object'`;
  const odd = Object.keys(value).find((name) => !["format", "view", "resolution"].includes(name));
  if (odd !== undefined) return `Additional properties are not allowed ('${odd}' was unexpected)`;
  return ["mp4", "mp3", "none", undefined].includes(value["format"] as string | undefined)
    ? null
    : "Format must be mp4 or mp3 or 'none'";
}

function captionsProblem(value: unknown): string | null {
  const captions = isObject(value) ? value["meeting_closed_captions"] : undefined;
  if (!isObject(captions)) return "Additional properties are not allowed";
  const language = captions["google_meet_language"];
  const isKnown = language === undefined || (typeof language === "string" && meetLanguages.has(language));
  return isKnown ? null : `${JSON.stringify(language)} is not one of …`;
}
