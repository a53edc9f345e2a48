import { redirect } from "react-router";
import { callAuth } from "../pages/accounts/call-auth.ts";
import type { Route } from "./+types/sign-out.ts";

export async function action({ request, context }: Route.ActionArgs) {
  const answer = await callAuth({ request, context }, "/sign-out", {});
  return redirect("/sign-in", answer.ok ? { headers: answer.headers } : undefined);
}

export const loader = () => redirect("/");
