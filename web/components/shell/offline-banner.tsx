import { WifiOff } from "lucide-react";
import { retryWaiting, useOnline, useWaiting } from "../../live-client/page-connection.ts";
import { Button } from "../ui/button.tsx";

/** Over every page while the connection is lost: what that means for what one sees and has just done. */
export function OfflineBanner() {
  const isOnline = useOnline();
  const { reads, writes } = useWaiting();
  const isShown = !isOnline || reads + writes > 0;
  return (
    <div role="status" className="fixed inset-x-0 top-0 z-50 empty:hidden">
      {isShown ? (
        <div
          data-offline
          className="mx-auto flex h-13 w-fit max-w-full items-center justify-center gap-x-4 rounded-b-xl border border-t-0 border-warn bg-warn-wash px-4 py-1.5 text-sm text-warn shadow-lift"
        >
          <p className="flex items-center gap-2">
            <WifiOff size={16} aria-hidden="true" className="shrink-0" />
            {wordsOf(reads, writes)}
          </p>
          {reads + writes > 0 ? (
            <Button look="plain" onClick={retryWaiting}>
              Retry
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function wordsOf(reads: number, writes: number): string {
  if (writes > 0) return "No connection, not saved. What you entered is kept.";
  if (reads > 0) return "No connection. This goes on by itself when it is back.";
  return "No connection. What you see may be out of date.";
}
