import type { WebEnv } from "../env.ts";

/** Who carries the calls of new meetings: Stream where its key and secret are set, else the built-in practice room. */
export const callProvider = ({ STREAM_API_KEY, STREAM_API_SECRET }: WebEnv): "stream" | "practice" =>
  STREAM_API_KEY && STREAM_API_SECRET ? "stream" : "practice";
