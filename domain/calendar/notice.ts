/** What people are told of meetings and their bots, by the reference design's names (B-52). */
export const botNotices = ["meeting_starting", "bot_deployed", "bot_in_call", "bot_failed"] as const;
export type BotNotice = (typeof botNotices)[number];

/** What such a notice is about (B-53). Times are ISO 8601 UTC. */
export interface BotNoticeDetails {
  meeting: { title: string; start_time: string; meeting_url: string };
  session_id?: string;
  bot_id?: string;
}
