import { z } from "zod";

/** A language by its BCP 47 tag. */
export const languageTag = () =>
  z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "This is no language such as en or de-CH.");
