import { createHash } from "node:crypto";
import type { Ask } from "./openai-ask.ts";
import type { Usage } from "./prices.ts";

const mostAnswers = 64;

/**
 * Keeps answers until the analysis they belong to is complete, so that a retry after one failed part does not pay
 * for the others again. An answer counts as used, and its cost is told, by whoever gets it in the end.
 */
export function createAnswerMemory() {
  const answers = new Map<string, { answer: unknown; usage: Usage }>();
  return {
    /** Asks through the memory; `usages` and `keys` collect what was used. */
    remembering(ask: Ask, usages: Usage[], keys: string[]): Ask {
      return async (question) => {
        const { name, prompt } = question;
        const key = createHash("sha256")
          .update(JSON.stringify([name, prompt]))
          .digest("hex");
        const kept = answers.get(key);
        const reply = kept ? { answer: question.schema.parse(kept.answer), usage: kept.usage } : await ask(question);
        answers.set(key, reply);
        for (const oldest of [...answers.keys()].slice(0, Math.max(0, answers.size - mostAnswers)))
          answers.delete(oldest);
        usages.push(reply.usage);
        keys.push(key);
        return reply;
      };
    },
    forget(keys: string[]): void {
      for (const key of keys) answers.delete(key);
    },
  };
}
