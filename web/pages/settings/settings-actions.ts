import { data } from "react-router";
import type { RouterContextProvider } from "react-router";
import { z } from "zod";
import { keyName, newPassword, personName, presentPassword } from "#domain/inputs/account.ts";
import { createApiKey, revokeApiKey } from "#records/accounts/api-keys.ts";
import { endSession } from "#records/accounts/sessions.ts";
import { renameUser } from "#records/accounts/users.ts";
import { callAuth } from "../accounts/call-auth.ts";
import { textOf } from "../../components/ui/form-text.ts";
import { actorContext, depsContext } from "../context.ts";
import { formOf, parseForm } from "../forms.ts";
import { deleteOwnAccount } from "./delete-account.ts";

/** Everything that the forms of the settings ask for. */
const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("profile"), name: personName() }),
  z.object({
    intent: z.literal("password"),
    currentPassword: presentPassword(),
    newPassword: newPassword(),
    revokeKeys: z.literal("yes").optional(),
  }),
  z.object({ intent: z.literal("createKey"), name: keyName(), days: z.enum(["30", "365", ""]) }),
  z.object({ intent: z.literal("revokeKey"), id: z.uuid() }),
  z.object({ intent: z.literal("endSession"), id: z.uuid() }),
  z.object({ intent: z.literal("deleteAccount"), currentPassword: presentPassword() }),
]);

export interface SettingsAnswer {
  intent: string;
  problems: Record<string, string>;
  /** What was done, in words. */
  done: string | null;
  /** A new key, this one time. */
  key: string | null;
}

const answer = (intent: string, rest: Partial<SettingsAnswer>): SettingsAnswer => ({
  intent,
  problems: {},
  done: null,
  key: null,
  ...rest,
});

export async function actOnSettings({
  request,
  context,
}: {
  request: Request;
  context: Readonly<RouterContextProvider>;
}) {
  const { prisma } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const form = await formOf(request);
  const parsed = parseForm(Intent, form);
  if (!parsed.ok) return data(answer(textOf(form, "intent") ?? "", { problems: parsed.problems }), { status: 400 });
  const asked = parsed.value;
  switch (asked.intent) {
    case "profile":
      await renameUser(prisma, userId, asked.name);
      return data(answer("profile", { done: "Your name is changed." }));
    case "password": {
      const { currentPassword, newPassword } = asked;
      const keepApiKeys = asked.revokeKeys === undefined;
      const body = { currentPassword, newPassword, keepApiKeys };
      const changed = await callAuth({ request, context }, "/change-password", body);
      if (!changed.ok) {
        const field = changed.code === "common_password" ? "newPassword" : "form";
        return data(answer("password", { problems: { [field]: changed.message } }), { status: changed.status });
      }
      const done = `Your password is changed. Other browsers are signed out${keepApiKeys ? "" : " and your API keys are revoked"}.`;
      return data(answer("password", { done }), { headers: changed.headers });
    }
    case "createKey": {
      const expiresAt = asked.days === "" ? null : new Date(Date.now() + Number(asked.days) * 86_400_000);
      const { key } = await createApiKey(prisma, { userId, name: asked.name, expiresAt });
      return data(answer("createKey", { key }));
    }
    case "revokeKey":
      await revokeApiKey(prisma, { userId, id: asked.id });
      return data(answer("revokeKey", { done: "The key is revoked." }));
    case "endSession":
      await endSession(prisma, { userId, id: asked.id });
      return data(answer("endSession", { done: "That browser is signed out." }));
    case "deleteAccount": {
      const { problems, status } = await deleteOwnAccount({ request, context }, asked.currentPassword);
      return data(answer("deleteAccount", { problems }), { status });
    }
    default:
      return asked satisfies never;
  }
}
