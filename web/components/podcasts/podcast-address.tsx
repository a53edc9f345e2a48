import type { ReactNode } from "react";
import { CopyOnce } from "../ui/copy-once.tsx";
import { QrCode } from "../ui/qr-code.tsx";

interface PodcastAddressProps {
  feedUrl: string;
  isPrivate: boolean;
  published: number;
  children: ReactNode;
}

/** Where the podcast is for listeners, and how they come to it. */
export function PodcastAddress({ feedUrl, isPrivate, published, children }: PodcastAddressProps) {
  const { hostname } = new URL(feedUrl);
  const isHereOnly = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return (
    <section aria-labelledby="listeners" className="panel space-y-3 p-4 sm:p-5">
      <h2 id="listeners" className="text-xl">
        For listeners
      </h2>
      {isPrivate ? (
        <p className="text-sm text-soft">
          This podcast is private: its own address answers nobody, and each listener wants one for themselves.
        </p>
      ) : (
        <>
          <CopyOnce label="Address of the podcast" value={feedUrl} />
          <p className="text-sm text-soft">
            Add this address in a podcast app, as “by URL”, or{" "}
            <a href={feedUrl.replace(/^https?:/, "podcast:")} className="link">
              open it in the app of this device
            </a>
            . Whoever knows it can listen without an account.
          </p>
          <details className="text-sm">
            <summary className="link inline-flex min-h-11 items-center">As a QR code for a phone</summary>
            <div className="pt-3">
              <QrCode label="The podcast’s address as a QR code" value={feedUrl} />
            </div>
          </details>
        </>
      )}
      {published === 0 ? (
        <p className="text-sm text-soft">Nothing is published yet: apps find an empty podcast there.</p>
      ) : null}
      {isHereOnly ? (
        <p className="text-sm text-soft">
          Only apps on this computer reach it. For others, set <code>PUBLIC_URL</code> to an address that they can
          reach.
        </p>
      ) : null}
      {children}
    </section>
  );
}
