import { addressOf, languageAccount, speechAccount } from "#domain/model-services.ts";
import type { ModelAccount } from "#domain/model-services.ts";
import type { Answer } from "./doctor.ts";

const patienceMs = 5_000;

/** Whether the services of models that are configured answer, and have the models that will be asked for. */
export function modelFindings(env: NodeJS.ProcessEnv): Record<string, () => Promise<Answer>> {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, SPEECH_API_KEY, SPEECH_BASE_URL } = env;
  // As the worker reads them: empty is not set.
  const settings = {
    OPENAI_API_KEY: OPENAI_API_KEY || undefined,
    OPENAI_BASE_URL: OPENAI_BASE_URL || undefined,
    SPEECH_API_KEY: SPEECH_API_KEY || undefined,
    SPEECH_BASE_URL: SPEECH_BASE_URL || undefined,
  };
  const speechModel = env["SPEECH_MODEL"] || "gpt-4o-transcribe-diarize";
  const languageModels = [env["ANALYSIS_MODEL"] || "gpt-5-mini", env["OPENAI_MODEL"] || "gpt-4o"];
  return {
    "speech service": () => describe(() => speechAccount(settings), [speechModel], "SPEECH_MODEL"),
    "language service": () =>
      describe(() => languageAccount(settings), [...new Set(languageModels)], "ANALYSIS_MODEL and OPENAI_MODEL"),
  };
}

async function describe(account: () => ModelAccount | null, models: string[], variables: string): Promise<Answer> {
  const service = account();
  const wanted = models.filter((model) => model !== "embedded");
  if (service === null || wanted.length === 0) return ["ok", "on this machine, within Convene"];
  const base = new URL(addressOf(service));
  const url = `${base.origin}${base.pathname.replace(/\/$/, "")}/models`;
  const answer = await ask(url, service.apiKey);
  if (typeof answer === "string") return ["bad", `${url} ${answer}`];
  if (answer.status === 401 || answer.status === 403) return ["bad", `${url} refuses the key (${answer.status})`];
  // whisper.cpp lists no models, and does its work all the same.
  if (answer.status === 404) return ["note", `${url} says 404: it answers, but lists no models`];
  if (!answer.ok) return ["bad", `${url} says ${answer.status}`];
  const known = namesIn(await answer.json().catch(() => null));
  const missing = wanted.filter((model) => !known.includes(model));
  if (missing.length === 0) return ["ok", `${url} answers and has ${wanted.join(", ")}`];
  const has = known.length === 0 ? "lists none" : `has ${known.slice(0, 5).join(", ")}${known.length > 5 ? ", …" : ""}`;
  return ["note", `${url} answers, but does not list ${missing.join(", ")} (${variables}); it ${has}`];
}

// No redirects, which could carry the key elsewhere.
const ask = (url: string, apiKey: string): Promise<Response | string> =>
  fetch(url, {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: "error",
    signal: AbortSignal.timeout(patienceMs),
  }).catch((error: Error) => `does not answer (${(error.cause as Error | undefined)?.message || error.message})`);

function namesIn(body: unknown): string[] {
  const { data } = (body ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return [];
  return data.flatMap((each: { id?: unknown } | null) => (typeof each?.id === "string" ? [each.id] : []));
}
