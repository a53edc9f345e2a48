import { expect, test } from "vitest";
import { languageAccount, speechAccount } from "#domain/model-services.ts";

const key = "sk-language";
const local = "http://localhost:11434/v1";

test.for([
  ["nothing is set", {}, null],
  ["only the common ones are", { OPENAI_API_KEY: key, OPENAI_BASE_URL: local }, { apiKey: key, baseUrl: local }],
  ["speech has another origin", { OPENAI_API_KEY: key, SPEECH_BASE_URL: local }, { apiKey: "none", baseUrl: local }],
  [
    "another port is another origin",
    { OPENAI_API_KEY: key, OPENAI_BASE_URL: local, SPEECH_BASE_URL: "http://localhost:8000/v1" },
    { apiKey: "none", baseUrl: "http://localhost:8000/v1" },
  ],
  [
    "another path is not",
    { OPENAI_API_KEY: key, OPENAI_BASE_URL: local, SPEECH_BASE_URL: "http://localhost:11434/speech/v1" },
    { apiKey: key, baseUrl: "http://localhost:11434/speech/v1" },
  ],
  [
    "OpenAI's own address is named",
    { OPENAI_API_KEY: key, SPEECH_BASE_URL: "https://api.openai.com/v1" },
    { apiKey: key, baseUrl: "https://api.openai.com/v1" },
  ],
  [
    "speech stays with OpenAI while language moves",
    { OPENAI_API_KEY: "sk-local", OPENAI_BASE_URL: local, SPEECH_BASE_URL: "https://api.openai.com/v1" },
    { apiKey: "none", baseUrl: "https://api.openai.com/v1" },
  ],
  [
    "speech has a key of its own",
    { OPENAI_API_KEY: key, SPEECH_API_KEY: "sk-speech", SPEECH_BASE_URL: local },
    { apiKey: "sk-speech", baseUrl: local },
  ],
] as const)("case 20: where %s, a key goes to its own origin alone", ([, settings, account]) => {
  expect(speechAccount(settings)).toEqual(account);
});

test("case 20: a speech service of its own leaves language to the embedded reader", () => {
  expect(languageAccount({ SPEECH_API_KEY: "sk-speech", SPEECH_BASE_URL: local })).toBeNull();
});
