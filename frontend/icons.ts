// Writes one SVG sprite of the icons that templates name, so that a page needs neither an icon font nor inline drawings.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const ICONS = [
  "alert-triangle", "arrow-down", "arrow-up", "arrows-sort", "building", "camera", "check", "chevron-down",
  "chevron-left", "chevron-right", "circle-check", "circle-x", "clipboard-list", "compass", "download", "external-link",
  "eye", "file-spreadsheet", "file-text", "file-type-pdf", "files", "filter", "filter-off", "help-circle", "history",
  "inbox", "info-circle", "language", "list-details", "lock", "login", "logout", "map-2", "map-pin", "map-pin-question",
  "moon", "device-desktop", "search", "sun", "table", "user", "users", "video", "x", "copy", "stack-2", "folder-open",
  "device-mobile", "key", "lock-open", "mail", "shield-lock", "trash", "user-off", "user-plus", "route", "current-location", "photo-plus", "send", "wifi-off", "rotate-2", "polygon", "list-search", "arrow-back-up",
  "plus", "pencil", "printer", "qrcode", "pin", "upload", "arrow-back-up", "arrows-split-2",
] as const;

export function iconSprite(): Plugin {
  return {
    name: "icon-sprite",
    generateBundle() {
      const symbols = ICONS.map((name) => {
        const drawing = readFileSync(new URL(`node_modules/@tabler/icons/icons/outline/${name}.svg`, import.meta.url), "utf8");
        const inside = drawing.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").trim();
        return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
      });
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
      });
    },
  };
}
