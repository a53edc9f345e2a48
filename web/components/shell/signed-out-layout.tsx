import type { ReactNode } from "react";
import { Mark } from "./logo.tsx";

interface Words {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The frame of pages for people who are not signed in. */
export function SignedOutLayout({ title, lead, children }: Words) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[1fr_1.1fr]">
      <main id="main" className="flex flex-col justify-center px-6 py-12 sm:px-12">
        <div className="mx-auto w-full max-w-sm space-y-6">
          <p className="flex items-center gap-2.5 font-serif text-xl font-semibold">
            <Mark /> Convene
          </p>
          <SignedOutWords title={title} lead={lead}>
            {children}
          </SignedOutWords>
        </div>
      </main>
      <aside className="hidden border-l border-line bg-sunken p-16 lg:flex lg:flex-col lg:justify-center">
        <figure className="mx-auto max-w-md space-y-6">
          <Sketch />
          <figcaption className="font-serif text-2xl leading-snug">
            A summary’s statements lead to the words they rest on. One that has none is marked.
          </figcaption>
        </figure>
      </aside>
    </div>
  );
}

/** What such a page says, where it has another frame. */
export function SignedOutWords({ title, lead, children }: Words) {
  return (
    <>
      <div className="space-y-2">
        <title>{`${title} · Convene`}</title>
        <h1 className="text-3xl">{title}</h1>
        <p className="text-soft">{lead}</p>
      </div>
      {children}
    </>
  );
}

/** A drawn excerpt: two voices, and a summary line that points at one of them. */
function Sketch() {
  const line = "h-2 rounded-full bg-line";
  return (
    <div aria-hidden="true" className="panel space-y-5 p-6 shadow-lift">
      <div className="space-y-2 border-l-3 border-voice-1 pl-4">
        <div className={`${line} w-3/4`} />
        <div className={`${line} w-1/2`} />
      </div>
      <div className="space-y-2 border-l-3 border-voice-2 pl-4">
        <div className={`${line} w-full`} />
        <div className="h-2 w-2/3 rounded-full bg-mark" />
      </div>
      <div className="flex items-center gap-3 border-t border-line pt-5">
        <div className="h-2 flex-1 rounded-full bg-accent" />
        <span className="figures rounded-full bg-accent-wash px-2.5 py-0.5 text-xs font-semibold text-accent-strong">
          12:34
        </span>
      </div>
    </div>
  );
}
