// Writes the request bodies for a model to a directory: bodies.mjs DIRECTORY MODEL
import { mkdirSync, writeFileSync } from "node:fs";

const [directory, model] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const write = (name, body) => writeFileSync(`${directory}/${name}.json`, JSON.stringify(body));
const user = (content) => ({ role: "user", content });
const system = { role: "system", content: "You are a helpful assistant." };

write("small", {
  model,
  messages: [system, user("Tell me in one sentence what a reverse proxy is, please.")],
  max_tokens: 128,
});

// The provider takes its time.
write("slow", { model, messages: [system, user("Take your time. mock;latency_us=1500000")], max_tokens: 128 });

// 64 KB, "model" after "messages" as the Python SDK writes it, and full of escapes as long prompts are.
const line = 'He said: "the total of column A is 12.50 €",\n\tand then\\or later: {"k": [1, 2, 3]} — ok?\r\n';
let text = "";
while (Buffer.byteLength(JSON.stringify(text)) < 64 * 1024) text += line;
write("large", { messages: [system, user(text)], model, max_tokens: 128, temperature: 0.2 });

// The mock reads its orders from the prompt, because a translated request keeps nothing else.
const stream = (name, orders) =>
  write(name, { model, messages: [user(`Stream please. mock;${orders}`)], stream: true, stream_options: { include_usage: true } });
stream("burst", "chunks=64;delay_us=0");
stream("tick", "chunks=64;delay_us=10000");
// Held open: about 5,000 chunks a second all together, however many streams there are.
stream("hold-50", "chunks=50;delay_us=10000");
stream("hold-1000", "chunks=20;delay_us=200000");
stream("hold-5000", "chunks=4;delay_us=1000000");
// Held for as long as a measurement takes: nothing begins anew meanwhile.
stream("still", "chunks=14;delay_us=1000000");
