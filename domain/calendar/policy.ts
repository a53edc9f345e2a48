import { z } from "zod";
import { botProviderOf } from "../bot-settings.ts";
import type { BotSettings } from "../bot-settings.ts";
import type { BotProviderId } from "../bot.ts";
import { isInRollout } from "../rollout.ts";
import { commaList } from "../comma-list.ts";

/** The variables that web and worker read it from: both decide, so both must be given the same. */
export const policyVariables = {
  ENABLE_AUTO_JOIN: z
    .enum(["true", "false"])
    .default("true")
    .transform((said) => said === "true")
    .describe("Whether calendar meetings are joined at all; decisions are made and shown in any case"),
  AUTO_JOIN_ROLLOUT_PERCENT: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe("Share of accounts whose calendar meetings are joined"),
  AUTO_JOIN_ROLLOUT_DOMAINS: commaList().describe(
    "Mail domains, by commas, whose accounts are joined whatever the share",
  ),
};

export const policyOf = (env: z.infer<z.ZodObject<typeof policyVariables>> & BotSettings): AutoJoinPolicy => ({
  enabled: env.ENABLE_AUTO_JOIN,
  percent: env.AUTO_JOIN_ROLLOUT_PERCENT,
  domains: env.AUTO_JOIN_ROLLOUT_DOMAINS,
  botProvider: botProviderOf(env),
});

/** What the operator allows: whether meetings are joined at all, for whom while it is rolled out, and by whose bots. */
export interface AutoJoinPolicy {
  enabled: boolean;
  /** Accounts with an address in one of these domains are always in. Lower case. */
  domains: readonly string[];
  /** Of all other accounts. */
  percent: number;
  /** Who sends the bots; null: nobody. */
  botProvider: BotProviderId | null;
}

/** What the policy says of one account. */
export function isSwitchedOnFor(
  { enabled, domains, percent }: AutoJoinPolicy,
  { id, email }: { id: string; email: string },
): { switchedOn: boolean; inRollout: boolean } {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  return { switchedOn: enabled, inRollout: domains.includes(domain) || isInRollout(id, percent) };
}
