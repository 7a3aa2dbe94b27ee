// Sorts perf's samples into the parts of a gateway: perf report ... | parts.mjs TARGET
// Writes "TARGET part NAME PER-MILLE" and, for the gateway's own methods, "TARGET method NAME PER-MILLE".
import { readFileSync } from "node:fs";

const target = process.argv[2];

// The first that fits; an assembly of the runtime comes in its jitted form by name and in its compiled form as a file.
const parts = [
  ["the gateway's own code", /^(Bifrost\.|bifrost$|Yarp\.|yarp$)/],
  ["Kestrel: sockets", /^Microsoft\.AspNetCore\.Server\.Kestrel\.Transport/],
  ["Kestrel: HTTP", /^Microsoft\.AspNetCore\.Server\.Kestrel/],
  ["the rest of ASP.NET Core", /^Microsoft\.(AspNetCore|Extensions|Net\.Http)/],
  ["HTTP client", /^System\.Net\.Http/],
  ["sockets library", /^System\.(Net\.|Native)|^libSystem\.Native/],
  ["pipes and memory", /^System\.(IO\.Pipelines|Memory)/],
  ["JSON and text", /^System\.(Text|Collections|Linq|Runtime\.Numerics)/],
  ["core library: tasks, thread pool, strings", /^System\.Private|^System\.Threading|^System\./],
  ["GC and runtime", /^lib(coreclr|clrgc|clrgcexp)|^Stubs$/],
  ["JIT", /^libclrjit/],
  ["kernel", /kernel|^\[k\]|^\[vdso\]/],
];

const counts = new Map();
const methods = new Map();
let all = 0;
const add = (map, key, n) => map.set(key, (map.get(key) ?? 0) + n);

for (const line of readFileSync(0, "utf8").split("\n")) {
  if (!line.trim() || line.startsWith("#")) continue;
  const [count, file, symbol = ""] = line.split("|").map((cell) => cell.trim());
  const samples = Number(count);
  const jitted = symbol.match(/\[([\w.]+)\] (\S+)::([^(]+)/);
  const assembly = jitted ? jitted[1] : file.startsWith("[JIT]") ? "Stubs" : file.replace(/\.dll$/, "");
  const part = parts.find(([, pattern]) => pattern.test(assembly))?.[0] ?? "other native code";
  all += samples;
  add(counts, part, samples);
  if (part === parts[0][0]) add(methods, jitted ? `${jitted[2]}::${jitted[3]}` : `${assembly} (compiled ahead)`, samples);
}

const print = (kind, map, most) =>
  [...map]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .forEach(([name, samples]) => console.log([target, kind, name, ((samples / all) * 1000).toFixed(1)].join("\t")));
print("part", counts, 20);
print("method", methods, 12);
