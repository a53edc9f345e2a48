import type { PlanReader, PlanRequest } from "#activities/clients/analyst/plan/plan-reader.ts";
import { findNextSession } from "#domain/plan.ts";

/** Reads a plan by rote: the first open session is covered by what the person said, if anything. Keeps each request. */
export function scriptedPlanReader() {
  const requests: PlanRequest[] = [];
  const reader: PlanReader = {
    id: "scripted",
    model: "scripted",
    promptVersion: "1",
    async generateMeetingAnalysis(request) {
      requests.push(request);
      const { currentProgress: progress, meetingId, segments } = request;
      const open = findNextSession(progress);
      const segmentIds = segments.filter(({ speaker }) => speaker === "user").map(({ id }) => id);
      const updatedProgress = progress.map((entry) =>
        entry !== open || segmentIds.length === 0
          ? entry
          : {
              ...entry,
              status: "completed" as const,
              goals: entry.goals.map(({ text }) => ({ text, covered: true, meetingId, segmentIds })),
            },
      );
      const reading = {
        progressSummary: `Covered ${open?.session_name ?? "nothing"}`,
        updatedProgress,
        nextSessionPrompt: `Go on with ${findNextSession(updatedProgress)?.session_name ?? "nothing"}`,
        notes: [],
      };
      return { reading, costCents: 0 };
    },
  };
  return { reader, requests };
}
