// What the page says, in the reader's language: sentences from the server, numbers and plurals put in here.
export interface Words {
  language: string;
  sides: string[];
  answers: Record<string, string>;
  fields: Record<string, string>;
  choices: Record<string, Record<string, string>>;
  [name: string]: unknown;
}

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Words;
const plural = new Intl.PluralRules(words.language);

export const answers = words.answers;
export const fields = words.fields;
export const choices = words.choices;
export const language = words.language;

export function said(name: string, put: Record<string, string | number> = {}): string {
  const found = words[name];
  const forms = found as Record<string, string>;
  const text = typeof found === "string" ? found : (forms[plural.select(Number(put.n ?? 0))] ?? forms.other ?? name);
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(put[key] ?? whole));
}

export function side(deg: number): string {
  return words.sides[Math.round((((deg % 360) + 360) % 360) / 45) % 8] ?? "";
}

export function metres(m: number): string {
  if (m < 995) return `${m < 20 ? Math.round(m) : Math.round(m / 10) * 10} ${said("m")}`;
  return `${(m / 1000).toLocaleString(language, { maximumFractionDigits: 1 })} ${said("km")}`;
}
