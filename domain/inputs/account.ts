import { z } from "zod";
import { name } from "../text.ts";

export const personName = () => name("Say how others should call you.");
export const keyName = () => name("Name the key after what it is for.");
export const workspaceName = () => name("Give the workspace a name.");

export const passwordLength = { min: 8, max: 128 } as const;
/** A password to be; one that is there already is only compared. */
export const newPassword = () =>
  z
    .string()
    .min(passwordLength.min, `Use ${passwordLength.min} characters or more.`)
    .max(passwordLength.max, `Use ${passwordLength.max} characters at most.`);

/** One that is there already, as its owner enters it. */
export const presentPassword = () => z.string().min(1, "Enter your present password.").max(1_000, "This is too long.");

/** Whom an invite is for. */
export const inviteEmail = () => z.email("Enter an e-mail address, or none.").max(320).toLowerCase();
