export { agent } from "./agent.ts";
export { analysis } from "./analysis.ts";
export { autoJoinSweep, calendarPass, calendarSync } from "./calendars.ts";
export { callAudio, callTranscript } from "./call-artefacts.ts";
export { meeting } from "./meeting.ts";
export { recorder } from "./recorder.ts";
export { recording } from "./recording.ts";
export { reconcile } from "./reconcile.ts";
export { upkeep } from "./upkeep.ts";
