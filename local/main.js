// Plain JavaScript, so that a Node too old to read TypeScript gets this far and can say so.
const OLDEST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    `Convene needs Node ${OLDEST_NODE} or newer; this is ${process.version}. \`npm ci\` brings one along: use \`npm start\`.`,
  );
  process.exit(1);
}
await import("./start.ts");
