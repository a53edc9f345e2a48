import { Upload } from "lucide-react";
import { useEffect, useState } from "react";
import { href, useNavigate } from "react-router";
import { useUploader } from "./use-uploader.tsx";

/** Files dropped on any page are put where that page takes them, else on the upload page, and get their title there. */
export function DropAnywhere() {
  const [, uploader] = useUploader();
  const navigate = useNavigate();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Every element under the pointer says enter and leave; the page is left when all of them are.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const count = (by: 1 | -1) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const [enter, leave] = [count(1), count(-1)];
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const target = uploader.dropTarget();
      if (target !== null) return target(files);
      uploader.stage(files);
      void navigate(href("/recordings/new"));
    };
    const pairs = [
      ["dragenter", enter],
      ["dragleave", leave],
      ["dragover", over],
      ["drop", drop],
    ] as const;
    for (const [type, handler] of pairs) addEventListener(type, handler);
    return () => {
      for (const [type, handler] of pairs) removeEventListener(type, handler);
    };
  }, [uploader, navigate]);
  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-accent-wash/95">
      <p className="flex items-center gap-3 font-serif text-2xl text-accent-strong">
        <Upload size={26} aria-hidden="true" /> Drop your recordings
      </p>
    </div>
  );
}
