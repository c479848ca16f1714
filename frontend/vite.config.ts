import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { fieldFiles } from "./field-files.ts";
import { iconSprite } from "./icons.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Files find each other beside themselves, wherever the server mounts its static files.
  base: "./",
  plugins: [iconSprite(), fieldFiles()],
  build: {
    outDir: here("../src/oblik/web/ui/static/built"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      input: {
        app: here("src/app.ts"),
        coverage: here("src/coverage.ts"),
        field: here("src/field/main.ts"),
        "field-sw": here("src/field/sw.ts"),
        map: here("src/map.ts"),
        theme: here("src/theme.ts"),
      },
      output: {
        // Entries keep plain names: templates ask for them, and the server adds the version.
        entryFileNames: "[name].js",
        chunkFileNames: "part-[name]-[hash].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "[name][extname]" : "[name]-[hash][extname]"),
      },
    },
  },
});
