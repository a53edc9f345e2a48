import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  publicDir: "web/public",
  build: { target: ["chrome123", "edge123", "firefox128", "safari17.5"] },
  environments: {
    ssr: {
      build: { rolldownOptions: { input: "./web/app.ts" } },
      // Of these the server would load all there is, 1,900 icons among it, and hold it for good.
      resolve: { noExternal: ["lucide-react", "@base-ui/react"] },
    },
  },
});
