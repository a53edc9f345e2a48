declare module "webvtt-parser" {
  export interface CueNode {
    type: string;
    name?: string;
    value?: string;
    children?: CueNode[];
  }
  export class WebVTTParser {
    parse(
      text: string,
      mode: "subtitles",
    ): { cues: { startTime: number; endTime: number; text: string; tree: CueNode }[]; errors: { message: string }[] };
  }
}
