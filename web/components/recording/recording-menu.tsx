import { Menu } from "@base-ui/react/menu";
import { Download } from "lucide-react";
import { buttonClass } from "../ui/button.tsx";
import { menuItem, menuPopup } from "../ui/menu-style.ts";

const formats = [
  ["md", "Markdown"],
  ["docx", "Word document"],
  ["txt", "Plain text"],
  ["srt", "Subtitles (SRT)"],
  ["vtt", "Subtitles (VTT)"],
  ["json", "JSON"],
] as const;

/** The recording's transcript and results as a file. */
export function ExportMenu({ id }: { id: string }) {
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("plain")}>
        <Download size={16} aria-hidden="true" /> Export
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-40">
          <Menu.Popup className={menuPopup}>
            {formats.map(([format, words]) => (
              <Menu.Item
                key={format}
                className={menuItem}
                render={
                  <a href={`/api/recordings/${id}/export?format=${format}`} download>
                    {words}
                  </a>
                }
              />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
