import { Form, href } from "react-router";
import { themes } from "../shell/theme.ts";
import type { Theme } from "../shell/theme.ts";
import { Section } from "./section.tsx";

const words: Record<Theme, string> = { light: "Light", dark: "Dark", system: "Like the device" };

/** Light, dark, or what the device says; kept in a cookie, so the first paint is right. */
export function Appearance({ theme }: { theme: Theme }) {
  return (
    <Section title="Appearance" lead="Kept in this browser.">
      <Form method="post" action={href("/theme")} aria-label="Theme" className="flex flex-wrap gap-2">
        {themes.map((each) => (
          <button
            key={each}
            type="submit"
            name="theme"
            value={each}
            aria-pressed={each === theme}
            className="inline-flex min-h-10 items-center rounded-full border border-line px-4 text-sm hover:border-edge aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold aria-pressed:text-accent-strong"
          >
            {words[each]}
          </button>
        ))}
      </Form>
    </Section>
  );
}
