import { redirect } from "react-router";
import { Theme, themeCookie } from "../components/shell/theme.ts";
import { formOf, safePath } from "../pages/forms.ts";
import type { Route } from "./+types/theme.ts";

export async function action({ request }: Route.ActionArgs) {
  const form = await formOf(request);
  const theme = Theme.catch("system").parse(form.get("theme"));
  return redirect(safePath(form.get("next"), "/settings"), { headers: { "set-cookie": themeCookie(theme) } });
}

export const loader = () => redirect("/settings");
