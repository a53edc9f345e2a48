import { dictionary } from "@zxcvbn-ts/language-common";

/** Some 50,000 from lists of leaked passwords, the most frequent first, in small letters. */
const common = new Set(dictionary["passwords-common"]);

/** Whether a password is among the first that whoever guesses will try, in whatever case. */
export const isCommonPassword = (password: string): boolean => common.has(password.toLowerCase());

/** Why such a password is refused; follows the name of what it was to be. */
export const commonPasswordWords =
  "This password is on the lists that guessers try first. Choose another, such as a short sentence of your own.";
