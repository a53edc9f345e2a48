import { expect, test } from "vitest";
import { publicUrl } from "#domain/public-url.ts";

test.for(["https://meet.example.org", "https://meet.example.org/", "http://localhost:3000", "https://[::1]:8443"])(
  "%s is an address for PUBLIC_URL",
  (address) => {
    expect(publicUrl.parse(address)).toBe(address);
  },
);

test.for([
  "https://meet.example.org/convene",
  "https://meet.example.org/convene/",
  "https://meet.example.org/?a=1",
  "https://meet.example.org/#x",
  "https://user:secret@meet.example.org",
])("case 30: %s is refused as PUBLIC_URL, with words that say why", (address) => {
  expect(() => publicUrl.parse(address)).toThrow(/without a path, such as https:\/\/meet.example.org/);
});

test("what is no address at all is refused as that", () => {
  expect(() => publicUrl.parse("meet.example.org")).toThrow(/Invalid URL/);
});
