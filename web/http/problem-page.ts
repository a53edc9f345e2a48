import type { ProblemBody } from "./problem.ts";

/** A problem as a page, for a browser whose request was refused before the app could answer it. */
export const problemPage = (
  { title, status, detail, requestId }: ProblemBody,
  nonce: string,
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Convene</title>
<style nonce="${escaped(nonce)}">
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
main { max-width: 34rem; margin: 15vh auto; padding: 0 1.25rem }
small { opacity: 0.7 }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(detail)}</p>
<p><a href="/">Go to Convene</a></p>
<small>${status} · request ${escaped(requestId)}</small>
</main>
</body>
</html>
`;

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
