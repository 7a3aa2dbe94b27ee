// Every test file in one process: one browser for all of them.
import { readdirSync } from "node:fs";

for (const file of readdirSync(new URL(".", import.meta.url)).sort()) {
  if (file.endsWith(".test.mjs") && (process.env.ONLY ?? file).includes(file)) {
    await import(`./${file}`);
  }
}
