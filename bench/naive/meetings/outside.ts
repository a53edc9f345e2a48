import { StreamClient } from "@stream-io/node-sdk";
import OpenAI from "openai";
import type { Complete } from "./analysis.ts";
import type { ConnectAgent } from "./webhook.ts";

/** Agents through Stream's own SDK, as the reference design connects them; `basePath` is Stream or its stand-in. */
export function connectThroughStream(options: { basePath: string; apiKey: string; secret: string; openAiKey: string }) {
  const { video } = new StreamClient(options.apiKey, options.secret, { basePath: options.basePath });
  const connect: ConnectAgent = ({ meetingId, agentUserId }) =>
    video.connectOpenAi({
      call: video.call("default", meetingId),
      openAiApiKey: options.openAiKey,
      agentUserId,
    });
  return connect;
}

/** Where no provider is configured an agent is connected to nothing and hears nothing. */
export const connectToNothing: ConnectAgent = () => Promise.resolve({ updateSession: () => {}, on: () => {} });

/** The language model with the client's own settings, as the reference design has them. */
export function completeWithOpenAi(options: { baseUrl: string; apiKey: string }): Complete {
  const openai = new OpenAI({ baseURL: options.baseUrl, apiKey: options.apiKey });
  return async (messages) => {
    const response = await openai.chat.completions.create({ model: "gpt-4o", messages });
    return response.choices[0]?.message.content ?? null;
  };
}
