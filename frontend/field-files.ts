// Lists the built files that the page on the phone needs, so that its service worker can keep exactly these.
import type { Plugin } from "vite";

const ALWAYS = ["app.css", "map.css", "theme.js", "icons.svg"];

export function fieldFiles(): Plugin {
  return {
    name: "field-files",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const found = new Set<string>();
        const walk = (name: string): void => {
          const chunk = bundle[name];
          if (found.has(name) || chunk?.type !== "chunk") return;
          found.add(name);
          for (const next of [...chunk.imports, ...chunk.dynamicImports]) walk(next);
        };
        walk("field.js");
        const code = [...found].map((name) => bundle[name]).map((chunk) => (chunk?.type === "chunk" ? chunk.code : "")).join("\n");
        const assets = Object.keys(bundle).filter((name) => bundle[name]?.type === "asset" && (code.includes(name) || name === "field.css"));
        const names = [...new Set([...ALWAYS, ...assets, ...found])].sort();
        this.emitFile({ type: "asset", fileName: "field-files.json", source: `${JSON.stringify(names)}\n` });
      },
    },
  };
}
