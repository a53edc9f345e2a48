import { z } from "zod";
import { isKeepable } from "./text.ts";

/** A web address that people paste and this server fetches; `example` is shown where it is none. */
export const outsideAddress = (example: string) =>
  z
    .string()
    .trim()
    .max(2_000)
    .refine(isKeepable, "This is no address.")
    .transform((address) => address.replace(/^webcals?:|^feed:(?=https?:|\/\/)/i, withHttps))
    .pipe(z.url({ protocol: /^https?$/, error: `This is no address such as ${example}.` }))
    .refine((address) => !hasAccount(address), "Use an address without a user and a password.");

/** `webcal:` is how calendars write an https address that is to be subscribed to; `feed:` stands before a whole one. */
function withHttps(_scheme: string, _at: number, address: string): string {
  return /^feed:https?:/i.test(address) ? "" : "https:";
}

function hasAccount(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.username !== "" || url.password !== "");
}
