/** The `pattern` of fields that must hold words, and not spaces only. */
export const someWords = ".*\\S.*";

/** A form's text field, or null where there is no such field or it holds a file. */
export function textOf(form: FormData | undefined, name: string): string | null {
  const value = form?.get(name);
  return typeof value === "string" ? value : null;
}
