import { z } from "zod";

/** A setting that holds names by commas, in whatever case; none where it is not set. */
export const commaList = () =>
  z
    .string()
    .default("")
    .transform((list) =>
      list
        .toLowerCase()
        .split(",")
        .map((each) => each.trim())
        .filter(Boolean),
    );
