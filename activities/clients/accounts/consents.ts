import type { Logger } from "pino";
import { z } from "zod";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { ConsentProblem } from "#domain/calendar/consent-problem.ts";
import { accountOf, keepAccount } from "#records/calendars/accounts.ts";
import { beginConsent, takeConsent } from "#records/calendars/consents.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import { ConsentFailed } from "./account-client.ts";
import type { AccountClients } from "./account-clients.ts";
import { newSecrets } from "./oauth.ts";

const Secrets = z.object({ verifier: z.string(), nonce: z.string() });

/** Who consents to what, in which session. */
export interface Consenting {
  ownerId: string;
  sessionId: string;
  provider: AccountProvider;
}

interface Deps {
  prisma: PrismaClient;
  sealer: Sealer;
  log: Logger;
  clients: AccountClients;
}

/** What a person goes through at a provider, from here and back. */
export function createConsents(deps: Deps) {
  return {
    /** Where a person is sent to consent, anew to an account of theirs if one is named; null: not set up here. */
    async consentUrl(who: Consenting, accountId: string | null): Promise<string | null> {
      const client = deps.clients[who.provider];
      if (client === undefined) return null;
      const known = accountId === null ? null : await accountOf(deps.prisma, who.ownerId, accountId);
      const secrets = newSecrets();
      const state = await beginConsent(deps, who, JSON.stringify(secrets));
      const email = known?.provider === who.provider ? known.email : undefined;
      return client.authorizationUrl({ state, secrets, email });
    },

    /** What came of it, by what the provider sent the person back with. */
    async consented(
      who: Consenting,
      parameters: URLSearchParams,
    ): Promise<{ accountId: string } | { problem: ConsentProblem }> {
      const { ownerId, provider } = who;
      const client = deps.clients[provider];
      if (client === undefined) return { problem: "not_set_up" };
      const state = parameters.get("state") ?? "";
      const kept = await takeConsent(deps, who, state);
      // Not this sign-in's own, or not any more: nothing of it is used.
      if (kept === null) return { problem: "unknown" };
      try {
        const grant = await client.grantOf(parameters, state, Secrets.parse(JSON.parse(kept)));
        const { subject, email, ...tokens } = grant;
        return { accountId: await keepAccount(deps, ownerId, { provider, subject, email, tokens }) };
      } catch (error) {
        if (!(error instanceof ConsentFailed)) throw error;
        deps.log.info({ err: error, provider, problem: error.reason }, "consent came to nothing");
        return { problem: error.reason };
      }
    },
  };
}
