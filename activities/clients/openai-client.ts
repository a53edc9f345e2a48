import OpenAI from "openai";
import { cappedFetch } from "./capped-fetch.ts";
import { inOneForm } from "./openai-response-form.ts";

/**
 * The SDK against OpenAI or a compatible server: no retries of its own (the workflow's policy decides), no redirects,
 * answers capped at 10 MB. Deadlines are given with each call, as a signal that covers the body too.
 */
export const createOpenAiClient = ({ apiKey, baseUrl }: { apiKey: string; baseUrl?: string | undefined }): OpenAI =>
  new OpenAI({
    apiKey,
    // Named even when it is the default: the SDK would read the process's environment by itself.
    baseURL: baseUrl ?? "https://api.openai.com/v1",
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: inOneForm(cappedFetch),
  });
