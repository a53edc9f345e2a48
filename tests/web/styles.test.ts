import { glob, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compile } from "tailwindcss";
import { parseSync } from "vite";
import { expect, test } from "vitest";

const web = join(import.meta.dirname, "../../web");
const require = createRequire(import.meta.url);

/** The stylesheet as the pages get it, with rules for whatever of `candidates` has one. */
async function stylesFor(candidates: readonly string[]): Promise<string> {
  const loadStylesheet = async (id: string, base: string) => {
    const path = id === "tailwindcss" ? require.resolve("tailwindcss/index.css") : join(base, id);
    return { path, base: dirname(path), content: await readFile(path, "utf8") };
  };
  const base = join(web, "styles");
  const { build } = await compile(await readFile(join(base, "app.css"), "utf8"), { base, loadStylesheet });
  return build([...candidates]);
}

const namesIn = (css: string) =>
  new Set([...css.matchAll(/\.((?:\\.|[\w-])+)/g)].map(([, name = ""]) => name.replaceAll(/\\(.)/g, "$1")));

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** Every text that a module holds, but what it imports and what it compares with. */
function textsIn(node: Node, found: string[] = []): string[] {
  if (node.type.startsWith("Import") || node.type === "BinaryExpression" || node.type.startsWith("TS")) return found;
  if (node.type === "Literal" && typeof node["value"] === "string") found.push(node["value"]);
  if (node.type === "TemplateElement") found.push((node["value"] as { raw: string }).raw);
  for (const child of Object.values(node).flat()) if (isNode(child)) textsIn(child, found);
  return found;
}

async function sourceTexts() {
  const texts: { file: string; text: string }[] = [];
  for await (const file of glob("{components,routes}/**/*.{ts,tsx}", { cwd: web })) {
    const { program } = parseSync(file, await readFile(join(web, file), "utf8"));
    texts.push(...textsIn(program as unknown as Node).map((text) => ({ file, text })));
  }
  return texts;
}

const tokensOf = (text: string) => text.split(/\s+/).filter((token) => token !== "");
// They make no rule themselves: others' rules look for them.
const isMarker = (token: string) => /^(group|peer)(\/\w+)?$/.test(token);
/** Looks like a utility that takes a colour, also where it stands alone. */
const looksColoured = (token: string) =>
  /^([a-z-]+(\[[^\]]*\])?:)*(bg|text|border|divide|fill|stroke|ring|outline|decoration|shadow|accent)-[a-z]+([-/]\w+)*$/.test(
    token,
  );

test("every class that is written makes CSS, and every colour that is used is defined", async () => {
  const texts = await sourceTexts();
  const css = await stylesFor(texts.flatMap(({ text }) => tokensOf(text)));
  const names = namesIn(css);
  const isClass = (token: string) => names.has(token) || isMarker(token);
  const dead = texts.flatMap(({ file, text }) => {
    const tokens = tokensOf(text);
    const isSentence = tokens.some((token) => /^[A-Z]/.test(token));
    const isList = tokens.length > 1 && !isSentence && tokens.filter(isClass).length >= tokens.length / 2;
    return tokens
      .filter((token) => !isClass(token) && (isList || (tokens.length === 1 && looksColoured(token))))
      .map((token) => `${file}: ${token}`);
  });
  const undefinedColours = [...css.matchAll(/var\((--color-[\w-]+)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !css.includes(`${name}:`));
  expect({ dead, undefinedColours }).toEqual({ dead: [], undefinedColours: [] });
});

test("a colour of Tailwind's own palette, which pages do not have, makes no CSS", async () => {
  const names = namesIn(await stylesFor(["bg-black/40", "bg-shade"]));
  expect([names.has("bg-black/40"), names.has("bg-shade")]).toEqual([false, true]);
});
