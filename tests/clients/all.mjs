// Every test file in one process: loading the client once for each would cost more than the tests.
import { readdirSync } from "node:fs";

for (const file of readdirSync(new URL(".", import.meta.url)).sort()) {
  if (file.endsWith(".test.mjs")) {
    await import(`./${file}`);
  }
}
