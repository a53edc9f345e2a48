import { FileAudio } from "lucide-react";
import { useId } from "react";

/** Where files are chosen. The label is the whole area; the input itself takes keyboard and screen reader. */
export function DropZone({ isSmall, onFiles }: { isSmall: boolean; onFiles: (files: File[]) => void }) {
  const id = useId();
  return (
    <div
      className={`relative flex flex-col items-center gap-3 rounded-2xl border-2 border-dashed border-edge bg-card px-6 text-center transition-colors focus-within:border-accent hover:border-accent ${isSmall ? "py-6" : "py-16"}`}
    >
      {isSmall ? null : (
        <span className="grid size-14 place-items-center rounded-full bg-accent-wash text-accent-strong">
          <FileAudio size={26} aria-hidden="true" />
        </span>
      )}
      <label htmlFor={id} className="font-serif text-xl">
        {isSmall ? "Add more files" : "Drop recordings here, or choose them"}
      </label>
      <input
        id={id}
        type="file"
        multiple
        accept="audio/*,video/*,.opus,.flac,.m4a,.mkv,.ts,.mts,.wma,.amr,.aif,.aiff,.caf,.au,.snd,.w64,.rf64"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again after it was removed from the list.
          event.target.value = "";
        }}
        className="max-w-full text-sm text-soft file:mr-3 file:min-h-10 file:cursor-pointer file:rounded-lg file:border file:border-edge file:bg-card file:px-4 file:text-sm file:font-medium file:text-ink"
      />
      {isSmall ? null : <p className="text-sm text-soft">mp3, m4a, wav, flac, ogg, opus, webm, mp4, mov and more</p>}
    </div>
  );
}
