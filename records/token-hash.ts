import { createHash } from "node:crypto";

/** What is kept of a key or token that only its holder has. Each is long and random, so that no salt is needed. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");
