import { z } from "zod";

/** What goes with the way from a call that goes on to its meeting's page. */
export const leftCall = { hasLeftCall: true };

const LeftCall = z.object({ hasLeftCall: z.literal(true) });
export const hasJustLeft = (state: unknown): boolean => LeftCall.safeParse(state).success;
