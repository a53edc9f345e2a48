import { cut } from "#domain/text.ts";
import type { BotOrder } from "./bot-provider.ts";

/**
 * Languages of Google Meet's captions. Captions need no account of a speech service; Teams' would change for everybody
 * in the meeting, and Zoom has them with another SDK only, so for those the project's own default stands.
 * Source: attendee-labs/attendee `bots/serializers.py`, TRANSCRIPTION_SETTINGS_SCHEMA.
 */
const meetLanguages = new Map(
  [
    "ar-EG bg-BG ca-ES cs-CZ de-DE el-GR en-US es-ES et-EE fi-FI fr-FR hi-IN hu-HU id-ID it-IT ja-JP ko-KR lt-LT",
    "lv-LV ms-MY nl-NL pl-PL pt-BR ro-RO ru-RU sk-SK sl-SI sr-RS sv-SE sw th-TH tr-TR uk-UA ur-PK vi-VN",
  ].flatMap((line) => line.split(" ").map((code) => [primaryOf(code), code] as const)),
);

function primaryOf(language: string): string {
  return language.split("-")[0]?.toLowerCase() ?? "";
}

/** The body that creates a bot. What is left out (when to leave by itself, above all) is the project's default. */
export function creationOf({ key, recorderId, meetingUrl, botName, language, consentMessage }: BotOrder) {
  const message = cut(basic(consentMessage), 10_000);
  const captions = isGoogleMeet(meetingUrl) ? meetLanguages.get(primaryOf(language)) : undefined;
  return {
    meeting_url: meetingUrl,
    bot_name: cut(basic(botName), 255).trim() || "Recorder",
    deduplication_key: key,
    metadata: { recorderId, key },
    recording_settings: { format: "mp3" },
    ...(message.trim() === "" ? {} : { bot_chat_message: { to: "everyone", message } }),
    ...(captions === undefined
      ? {}
      : { transcription_settings: { meeting_closed_captions: { google_meet_language: captions } } }),
  };
}

// Emoji and rare script, which Attendee refuses in names and messages, and halves of them.
const basic = (text: string): string => text.replace(/[\u{10000}-\u{10FFFF}]|\p{Cs}/gu, "");

const isGoogleMeet = (url: string) => URL.parse(url)?.hostname === "meet.google.com";
