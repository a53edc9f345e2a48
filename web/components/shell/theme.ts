import { z } from "zod";

export const themes = ["light", "dark", "system"] as const;
export const Theme = z.enum(themes);
export type Theme = z.infer<typeof Theme>;

/** The theme that the browser's cookie asks for; "system" where it asks for nothing known. */
export function themeOf(cookieHeader: string | null): Theme {
  const value = /(?:^|;\s*)theme=(\w+)/.exec(cookieHeader ?? "")?.[1];
  return Theme.safeParse(value).data ?? "system";
}

/** The cookie that keeps a theme for a year, read before the first paint so that no page flashes. */
export const themeCookie = (theme: Theme) => `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
