import { nowMs } from "../measure.ts";
import { createNaiveServer } from "./server.ts";

/** What the bench process tells this one, as its only argument, in JSON. */
export interface NaiveDrive {
  secret: string;
  meetingId: string;
  personId: string;
  count: number;
  perSecond: number;
}

const drive = JSON.parse(process.argv[2] ?? "{}") as NaiveDrive;

// Stands in for the engine: what counts here is the way from a finished segment to the screen. The stamp in `text`
// is this measurement's and no part of the design.
async function* segments() {
  const startedAt = nowMs();
  for (let index = 0; index < drive.count; index += 1) {
    const waitMs = startedAt + (index * 1000) / drive.perSecond - nowMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    yield { speaker: "SPEAKER_01", text: `${index} ${nowMs()} the words of a segment`, timestamp: index };
  }
}

const server = createNaiveServer({
  secret: drive.secret,
  owners: new Map([[drive.meetingId, drive.personId]]),
  engine: segments,
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address ? address.port : 0 });
});
process.on("disconnect", () => process.exit(0));
