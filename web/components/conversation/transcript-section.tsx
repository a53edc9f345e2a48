import { useState } from "react";
import type { TranscriptGap } from "#domain/transcript-gap.ts";
import type { Segment } from "#domain/transcript.ts";
import { useFind } from "./find.ts";
import { TranscriptTools } from "./transcript-tools.tsx";
import { Transcript } from "./transcript.tsx";

interface TranscriptSectionProps {
  segments: Segment[];
  /** Where a call was not heard. */
  absences?: readonly TranscriptGap[];
  speakers: readonly { label: string; displayName: string | null }[];
  cited: readonly string[];
  isLive: boolean;
  /** Whether there is audio to go to. */
  isPlayable: boolean;
  /** Whether its reader may put words and speakers right. */
  canCorrect?: boolean;
  /** What stands here while there are no words. */
  silence: string;
}

/** The transcript with its search, under its heading. */
export function TranscriptSection(props: TranscriptSectionProps) {
  const { segments, absences = none, speakers, cited, isLive, isPlayable, canCorrect = false, silence } = props;
  const find = useFind(segments);
  const [follow, setFollow] = useState(true);
  return (
    <section aria-labelledby="transcript" className="min-w-0 space-y-4">
      <h2 id="transcript" className="text-2xl">
        Transcript
      </h2>
      {segments.length === 0 ? (
        <p className="text-soft">{silence}</p>
      ) : (
        <>
          <TranscriptTools find={find} follow={isPlayable ? follow : null} onFollow={setFollow} />
          <Transcript
            segments={segments}
            absences={absences}
            speakers={speakers}
            cited={cited}
            found={find.found}
            follow={follow}
            isLive={isLive}
            isPlayable={isPlayable}
            canCorrect={canCorrect}
          />
        </>
      )}
    </section>
  );
}

const none: readonly TranscriptGap[] = [];
