import { withoutControls } from "../text.ts";

type Attributes = Record<string, string | number | null | undefined>;

/** Text as XML may hold it: of what Unicode knows, some characters no XML document may have, not even as references. */
const escaped = (text: string): string =>
  withoutControls(text)
    .replace(/[\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");

/** In an attribute, a reader makes a space of each line end that is not a reference. */
const attribute = (text: string): string => escaped(text).replace(/\n/g, "&#10;").replace(/\t/g, "&#9;");

function opened(name: string, attributes: Attributes): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  return [name, ...given.map(([key, value]) => `${key}="${attribute(String(value))}"`)].join(" ");
}

/** An element with a text; none where there is no text. */
export const textElement = (name: string, text: string | number | null, attributes: Attributes = {}): string =>
  text === null || text === "" ? "" : `<${opened(name, attributes)}>${escaped(String(text))}</${name}>`;

export const emptyElement = (name: string, attributes: Attributes): string => `<${opened(name, attributes)}/>`;

/** An element of elements, each on a line of its own. */
export const element = (name: string, attributes: Attributes, inside: readonly string[]): string =>
  [`<${opened(name, attributes)}>`, ...inside.filter((each) => each !== ""), `</${name}>`].join("\n");
