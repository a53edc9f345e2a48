/**
 * What a person may ask an analysis to look for. `instructions` is what a language model is told; the embedded
 * analyst quotes and cannot follow instructions, so it treats all templates alike.
 */
export const templates = {
  general: {
    name: "General",
    instructions: "Say what the conversation is about, what was said that matters, and what came of it.",
  },
  meeting: {
    name: "Meeting",
    instructions:
      "Cover each subject discussed, every decision with its reason, open questions, and who does what by when.",
  },
  interview: {
    name: "Interview",
    instructions:
      "Cover each question of substance with the answer given. Keep the interviewee's own claims apart from facts.",
  },
  sales: {
    name: "Customer call",
    instructions:
      "Cover the customer's situation, needs, objections, prices or dates mentioned, and the agreed next steps.",
  },
  lecture: {
    name: "Lecture",
    instructions: "Cover the main ideas in the order taught, with the definitions and examples given for them.",
  },
} as const;

export type Template = keyof typeof templates;

export const isTemplate = (value: string): value is Template => Object.hasOwn(templates, value);
