import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  publicDir: "web/public",
  build: { target: ["chrome123", "edge123", "firefox128", "safari17.5"] },
  environments: { ssr: { build: { rolldownOptions: { input: "./web/app.ts" } } } },
});
