import { ApplicationFailure } from "@temporalio/common";
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from "cockatiel";
import type { Logger } from "pino";
import { failure } from "../child.ts";
import type { BotProvider } from "./bot-provider.ts";

interface CircuitOptions {
  log: Logger;
  /** So many answers that failed to come, one after another, and nobody asks any more, */
  failures?: number;
  /** for this long; then one asks, and the others when that one was answered. */
  restMs?: number;
}

/**
 * A provider that is left alone while it does not answer: hundreds of visits that each wait out its silence would hold
 * every place there is, and meet it all at once when it is back.
 */
export function withCircuit(provider: BotProvider, { log, failures = 5, restMs = 5_000 }: CircuitOptions): BotProvider {
  const { id } = provider;
  const circuit = circuitBreaker(handleWhen(isSilence), {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  circuit.onBreak(() =>
    log.error({ provider: id }, "the bots' provider does not answer; it is left alone for a while"),
  );
  circuit.onReset(() => log.info({ provider: id }, "the bots' provider answers again"));

  const through =
    <Asked extends unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      try {
        return await circuit.execute(() => ask(...asked));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        // Not all at the same moment.
        throw failure("bot_provider_unavailable", `${id} is asked again shortly`, restMs * (1 + Math.random()));
      }
    };
  return {
    ...provider,
    find: through(provider.find),
    create: through(provider.create),
    status: through(provider.status),
    leave: through(provider.leave),
    recording: through(provider.recording),
    utterances: through(provider.utterances),
    ...(provider.presence === undefined ? {} : { presence: through(provider.presence) }),
    erase: through(provider.erase),
  };
}

const isSilence = (error: unknown): boolean =>
  error instanceof ApplicationFailure && error.type === "bot_provider_unavailable";
