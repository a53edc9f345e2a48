import { z } from "zod";
import { namesLanguage } from "../language.ts";

const words = "This is no language such as en or de-CH.";

/** A language by its BCP 47 tag. That nobody knows it is said by leaving it out, not by `und`. */
export const languageTag = () =>
  z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, words)
    .refine(namesLanguage, words);
