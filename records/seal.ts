import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";

/*
 * What opens other people's doors (addresses of feeds, tokens of accounts) lies sealed in the database: whoever has a
 * copy of it alone cannot use them.
 */

export interface SealKey {
  id: string;
  key: Buffer;
}

/** A sealed value opens only where it was sealed for: this column of this row. */
interface SealPlace {
  table: string;
  column: string;
  id: string;
}

export interface Sealer {
  seal(text: string, place: SealPlace): string;
  /** Throws `SealBroken` where no key opens it here. */
  open(sealed: string, place: SealPlace): string;
  /** Whether it is sealed, and with the key that seals now. */
  isCurrent(value: string): boolean;
}

/** Sealed with a key that is not here any more, for another place, or altered. */
export class SealBroken extends Error {
  override name = "SealBroken";
}

const keyBytes = 32;
const [ivBytes, tagBytes] = [12, 16];
const algorithm = "aes-256-gcm";
/** An address has another scheme, so that what was stored before values were sealed can be told from what is. */
const sealedForm = /^sealed:([\w-]{1,32}):([A-Za-z0-9_-]+)$/;

const keyForm = /^([\w-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/;

const sealKeys = z.string().transform((text, context): SealKey[] => {
  const keys = text.split(",").map((each) => {
    const [, id = "", key = ""] = keyForm.exec(each.trim()) ?? [];
    return { id, key: Buffer.from(key, "base64") };
  });
  const isSound = keys.every(({ id, key }) => id !== "" && key.length === keyBytes);
  if (isSound && new Set(keys.map(({ id }) => id)).size === keys.length) return keys;
  // The value stays unsaid: it holds keys.
  context.addIssue({ code: "custom", message: "not a list such as name:base64 of 32 random bytes, by commas" });
  return z.NEVER;
});

/** The variable of both processes. */
export const sealVariables = {
  SEAL_KEYS: sealKeys.describe(
    "Keys that addresses and tokens are sealed with, `name:base64` by commas; the first seals",
  ),
};

/** The first key seals, all open. */
export function createSealer(keys: readonly SealKey[]): Sealer {
  const [first] = keys;
  if (first === undefined) throw new Error("There is no key to seal with.");
  return {
    seal(text, place) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, first.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(placeOf(first.id, place));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `sealed:${first.id}:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url")}`;
    },

    open(value, place) {
      const [, id = "", data = ""] = sealedForm.exec(value) ?? [];
      const key = keys.find((each) => each.id === id)?.key;
      if (key === undefined) throw new SealBroken(`No key opens a value of ${place.table}.${place.column}`);
      const bytes = Buffer.from(data, "base64url");
      try {
        const iv = bytes.subarray(0, ivBytes);
        const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes });
        decipher.setAAD(placeOf(id, place));
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const text = [decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()];
        return Buffer.concat(text).toString("utf8");
      } catch (error) {
        throw new SealBroken(`A sealed value of ${place.table}.${place.column} does not open`, { cause: error });
      }
    },

    isCurrent: (value) => sealedForm.exec(value)?.[1] === first.id,
  };
}

export const isSealed = (value: string): boolean => sealedForm.test(value);

const placeOf = (keyId: string, { table, column, id }: SealPlace) =>
  Buffer.from(JSON.stringify([keyId, table, column, id]));
