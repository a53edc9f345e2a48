export { analysis } from "./analysis.ts";
export { recording } from "./recording.ts";
export { upkeep } from "./upkeep.ts";
