import { botKeyPattern } from "#domain/bot-key.ts";
import type { BotApi } from "./bot-api.ts";
import type { BotOrder } from "./bot-provider.ts";
import { Done, Meetings, VexaMeeting } from "./vexa-answers.ts";
import { isUnknown, roomTaken } from "./vexa-failure.ts";
import type { VexaLink } from "./vexa-meeting-link.ts";
import { isOpen, isPlanned } from "./vexa-status.ts";

const pageSize = 50;
const mostPages = 20;
/** A plan of ours is followed by its bot within seconds; an older one was left by somebody who died between the two. */
const staleMs = 2 * 60_000;
/** No bot is looked for by its key for longer. */
const longOverMs = 2 * 24 * 60 * 60_000;

/**
 * Plans, which say whose a meeting at Vexa is: a bot takes nothing of ours with it, but one that is sent into a planned
 * meeting becomes part of the plan's record and keeps its title, which is our key.
 * Source: Vexa-ai/vexa `docs/docs/api/meetings.mdx`, "Plan a meeting" and "Send a bot to a meeting".
 */
export function createPlans({ ask, read }: BotApi) {
  /** The newest meeting that fits; those that are open come first, then the latest. */
  async function search(fits: (meeting: VexaMeeting) => boolean, signal: AbortSignal): Promise<VexaMeeting | null> {
    for (let page = 0; page < mostPages; page += 1) {
      const query = { limit: String(pageSize), offset: String(page * pageSize) };
      const { meetings } = read(Meetings, await ask("/meetings", { signal, query }));
      const found = meetings.find(fits);
      if (found !== undefined) return found;
      if (meetings.length < pageSize || meetings.every(isLongOver)) return null;
    }
    return null;
  }

  const byKey = (key: string, signal: AbortSignal) => search(({ data }) => data?.title === key, signal);

  async function remove(id: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(`/meetings/${encodeURIComponent(id)}`, { signal, method: "DELETE" });
    // It may have become a bot's, or be gone.
    if (answer.status !== 409 && !isUnknown(answer)) read(Done, answer);
  }

  async function create({ key, meetingUrl }: BotOrder, link: VexaLink, signal: AbortSignal): Promise<VexaMeeting> {
    const body = { title: key, meeting_url: meetingUrl, auto_join: false };
    const plan = () => ask("/meetings", { signal, body });
    let answer = await plan();
    if (answer.status === 409) {
      const taken = await search((meeting) => isOpen(meeting) && isSame(meeting, link), signal);
      if (taken !== null && !isLeftBehind(taken)) throw roomTaken();
      if (taken !== null) await remove(taken.id, signal);
      answer = await plan();
    }
    if (answer.status === 409) throw roomTaken();
    return read(VexaMeeting, answer);
  }

  return { byKey, create, remove };
}

const isSame = (meeting: VexaMeeting, { platform, native_meeting_id }: VexaLink) =>
  meeting.platform === platform && meeting.native_meeting_id === native_meeting_id;

/** What is open comes first in a list, then the latest: behind a page of these is nothing else. */
const isLongOver = (meeting: VexaMeeting): boolean =>
  !isOpen(meeting) && Date.now() - (meeting.created_at?.getTime() ?? Date.now()) > longOverMs;

const isLeftBehind = (meeting: VexaMeeting): boolean =>
  isPlanned(meeting) &&
  botKeyPattern.test(meeting.data?.title ?? "") &&
  Date.now() - (meeting.created_at?.getTime() ?? 0) > staleMs;
