import { fileURLToPath } from "node:url";

const models = new URL("../../../models/", import.meta.url);

/** Silero v5: where somebody speaks. Shipped in `models/`. */
export const voiceActivityModel = fileURLToPath(new URL("voice-activity/silero-vad-v5.onnx", models));

/** CAM++: whose voice it is. Shipped in `models/`. */
export const speakerModel = fileURLToPath(new URL("speaker-embedding/campplus-zh-en.f16.onnx", models));
