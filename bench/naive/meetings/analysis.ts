export interface ChatMessage {
  role: "system" | "user";
  content: string;
}

/** One call of the language model: the first choice's content, null when it has none. */
export type Complete = (messages: ChatMessage[]) => Promise<string | null>;

export interface SessionProgress {
  session_name: string;
  status: string;
}

export interface MeetingAnalysis {
  progressSummary: string;
  updatedProgress: SessionProgress[];
  nextSessionPrompt: string;
}

const instructions = `You compare the transcript of a meeting with a plan of sessions. Answer with a JSON object:
{"progressSummary": string, "updatedProgress": [{"session_name": string, "status": "completed" | "pending"}], "nextSessionPrompt": string}`;

/** The reference design calls this function without showing it; here it is one call whose answer is believed. */
export async function generateMeetingAnalysis(
  complete: Complete,
  input: { blueprintSessions: unknown[]; currentProgress: unknown[]; transcript: string },
): Promise<MeetingAnalysis> {
  const answer = await complete([
    { role: "system", content: instructions },
    { role: "user", content: JSON.stringify(input) },
  ]);
  return JSON.parse(answer ?? "") as MeetingAnalysis;
}

/** The first session of the plan that is not over; not shown in the reference design either. */
export function findNextSession(progress: SessionProgress[]): SessionProgress | undefined {
  return progress.find(({ status }) => status !== "completed");
}
