// Writes the report of one run to standard output: report.mjs DIRECTORY
import { budgets } from "./budgets.mjs";
import { Figures, lines, show, table } from "./figures.mjs";

const directory = process.argv[2];
const mostAlien = Number(process.env.BENCH_ALIEN_MAX || 12);
const versions = lines(`${directory}/versions.tsv`);
const figures = new Figures(`${directory}/raw.tsv`, versions.map(([target]) => target), mostAlien);
const machine = Object.fromEntries(lines(`${directory}/machine.tsv`));
const failures = lines(`${directory}/failures.tsv`);
const gateways = figures.targets.filter((target) => target !== "direct");
const times = (ratio) => (ratio == null ? "–" : `${ratio.toFixed(2)}x`);
const say = (...text) => console.log(text.join("\n").trimEnd() + "\n");

say(`# What a request through Bifrost costs (${machine.what})`);
say(
  "Method and the meaning of each figure: [bench/README.md](../README.md). Medians over the rounds; ± is half the range between them.",
  `${figures.dropped} measurements disturbed by other processes were left out; "!" marks what was never had undisturbed.`,
  "Ratios are to YARP in this run; absolute figures drift by tens of per cent between runs, even on one machine.",
);
say(table(["", ""], Object.entries(machine).filter(([key]) => key !== "what"), true));
say(table(["target", "version"], versions, true));
if (failures.length) say(table(["failed", "why"], failures, true));
goals();
features();
closed();
open();
streams();
start();
whereItGoes();
profile();
allocations();

function allocated(target, kind) {
  const row = lines(`${directory}/allocations.tsv`).find(([t, k, figure]) => t === target && k === kind && figure === "bytes");
  return row ? Number(row[3]) : null;
}

function ownBytes(target, kind) {
  const [all, bare] = [allocated(target, kind), allocated("bare", kind)];
  return all == null || bare == null || target === "bare" ? null : all - bare;
}

function goals() {
  const rows = budgets(figures).map(({ figure, goal, budget, ratio, reached, kept }) => [
    figure,
    goal,
    times(ratio),
    reached ? "yes" : "no",
    kept ? budget : `${budget}, **passed**`,
  ]);
  const own = ownBytes("bifrost", "closed");
  if (own != null) rows.push(["bytes allocated by our own code per verbatim chat", "<=2,048", show(own, 0), own <= 2048 ? "yes" : "no", "–"]);
  if (rows.length) say("## The goals", "", table(["figure", "goal", "here", "reached", "budget"], rows, true));
}

function features() {
  const with_ = figures.targets.filter((t) => t.startsWith("bifrost-") && t !== "bifrost-replicate");
  if (!with_.length || !figures.targets.includes("bifrost")) return;
  const added = (t, load) => {
    const over = figures.over(t, "bifrost", load, "cpu_us");
    return over ? `${over.middle >= 0 ? "+" : ""}${show(over.middle, 1)} ±${show(over.spread, 1)}` : "–";
  };
  const bytes = (t) => (allocated(t, "closed") == null ? "–" : show(allocated(t, "closed") - (allocated("bifrost", "closed") ?? 0), 0));
  say(
    "## What features add",
    "",
    "The same verbatim chat with a feature on, over `bifrost`, which has none of them on (metrics and the ledger are always on): CPU microseconds of the whole process, the",
    "writers behind the queues included, as differences within a round; the median of the rounds, ± half their range.",
    "`-governed`: a virtual key with budgets at key, team and customer, a rate limit, a model limit. `-logged`: a row in the request log;",
    "`-logged-content`: and what was said. `-everything`: governance, rows and content. All kept in SQLite.",
  );
  for (const load of figures.ofKind("closed", "open").filter((l) => l !== "first-second" && with_.some((t) => figures.has(t, l)))) {
    const row = (t) => [
      t,
      figures.cell(t, load, "cpu_us", 1),
      t === "yarp" || t === "bifrost" ? "–" : added(t, load),
      times(figures.ratio(t, "bifrost", load, "cpu_us")),
      times(figures.ratio(t, "yarp", load, "cpu_us")),
      figures.cell(t, load, "rps", 0),
      figures.sum(t, load, "err"),
      t === "yarp" || t === "bifrost" ? "–" : bytes(t),
    ];
    const head = [load, "CPU µs/request", "over bifrost, µs", "to bifrost", "to YARP", "requests/s", "errors", "bytes allocated over bifrost"];
    say(table(head, figures.targets.filter((t) => t === "yarp" || t === "bifrost" || with_.includes(t)).map(row)));
  }
}

function closed() {
  const loads = figures.ofKind("closed").filter((load) => load !== "first-second");
  if (!loads.length) return;
  const by = (metric, digits) => figures.targets.map((t) => [t, ...loads.map((l) => figures.cell(t, l, metric, digits))]);
  say(
    "## Chat, as fast as it goes",
    "",
    "One generator thread; cN is N connections; small is 0.2 KB in and 1 KB out, large 64 KB of escaped text in.",
    "`bifrost` passes the bytes on; `bifrost-replicate` turns each chat into a prediction, reads its 64 events and asks for its metrics.",
    "",
    "CPU microseconds of the gateway per request:",
    "",
    table(["target", ...loads], by("cpu_us", 1).filter(([t]) => t !== "direct")),
    table(["CPU, to YARP", ...loads], gateways.map((t) => [t, ...loads.map((l) => times(figures.ratio(t, "yarp", l, "cpu_us")))])),
    "Requests per second (compressed: generator and mock share the CPUs):",
    "",
    table(["target", ...loads], by("rps")),
    "Peak RSS in MB, and errors over all rounds:",
    "",
    table(
      ["target", ...loads, "errors"],
      gateways.map((t) => [t, ...loads.map((l) => show(figures.of(t, l, "rss_peak_mb"), 0)), loads.reduce((n, l) => n + figures.sum(t, l, "err"), 0)]),
    ),
  );
}

function open() {
  const loads = figures.ofKind("open");
  if (!loads.length) return;
  say("## Chat, at a fixed rate", "", "Latency runs from the moment a request was due. Added is over `direct`; all in microseconds. slow: the provider takes 1.5 s, and the rate is reached in half the time.");
  for (const load of loads) {
    const row = (t) => [
      t,
      figures.cell(t, load, "rps", 0),
      ...["p50", "p99"].map((q) => show(figures.of(t, load, `lat_us.${q}`), 0)),
      ...["mean", "p50", "p99"].map((q) => show(figures.added(t, load, `lat_us.${q}`), 0)),
      figures.cell(t, load, "cpu_us", 1),
      times(figures.ratio(t, "yarp", load, "cpu_us")),
      show(figures.of(t, load, "rss_peak_mb"), 0),
      figures.sum(t, load, "err"),
    ];
    const head = [load, "answers/s", "p50", "p99", "mean added", "p50 added", "p99 added", "CPU/request", "to YARP", "peak RSS MB", "errors"];
    say(table(head, figures.targets.filter((t) => figures.has(t, load)).map(row)));
  }
}

function streams() {
  const loads = figures.ofKind("stream");
  if (!loads.length) return;
  say(
    "## Streams",
    "",
    "tick: one stream, a chunk each 10 ms. burst: 64 chunks at once, 64 streams. hold-N: N streams open, about 5,000 chunks a second in all.",
    "Chunk delay is the time one chunk spent between the mock's write and the caller's read; all times in microseconds.",
  );
  for (const load of loads) {
    const row = (t) => [
      t,
      show(figures.of(t, load, "conns"), 0),
      figures.cell(t, load, "rps"),
      ...["ttfb_us.p50", "ttfb_us.p99", "chunk_us.p50", "chunk_us.p99"].map((m) => show(figures.of(t, load, m), 0)),
      show(figures.added(t, load, "ttfb_us.p50"), 0),
      figures.cell(t, load, "chunk_cpu_us"),
      times(figures.ratio(t, "yarp", load, "chunk_cpu_us")),
      show(figures.of(t, load, "rss_peak_mb"), 0),
      figures.sum(t, load, "err"),
    ];
    const head = [
      ...[load, "open", "streams/s", "first chunk p50", "p99", "chunk delay p50", "p99", "first chunk p50 added"],
      ...["CPU/chunk", "to YARP", "peak RSS MB", "errors"],
    ];
    say(table(head, figures.targets.filter((t) => figures.has(t, load)).map(row)));
  }
}

function start() {
  if (!gateways.length) return;
  const row = (t) => [
    t,
    figures.cell(t, "start", "cold_ms"),
    figures.cell(t, "start", "rss_idle_mb"),
    figures.cell(t, "first-second", "cpu_us", 1),
    figures.cell(t, "end", "rss_mb"),
  ];
  say(
    "## Start and memory",
    "",
    "Cold start: from fork to the first good chat. First second: CPU per request in the first second of load, 16 connections.",
    "",
    table(["target", "cold start ms", "RSS idle MB", "first second: CPU µs", "RSS at the end MB"], gateways.map(row)),
  );
}

function whereItGoes() {
  const load = figures.loads.find((l) => l === "small-c64") ?? figures.ofKind("closed")[0];
  if (!load) return;
  const health = figures.ofKind("health")[0];
  const row = (t) => [
    t,
    figures.cell(t, load, "cpu_us", 1),
    show(figures.of(t, load, "kernel_pct"), 0),
    health ? show(figures.of(t, health, "cpu_us"), 1) : "–",
    show(figures.of(t, load, "upstream_calls")),
    t.startsWith("bifrost") ? figures.sum(t, load, "unkeyed_calls") : "–",
    show(figures.of(t, load, "mock_cpu_us"), 1),
  ];
  say(
    `## Where it goes (${load})`,
    "",
    "Kernel is the share of the gateway's CPU spent in system calls, most of it sockets. Answering alone is a request that needs no upstream.",
    "Calls without key are upstream calls that did not carry the key of the configuration: there should be none.",
    "",
    table(
      ["target", "CPU µs/request", "kernel %", "answering alone: CPU µs", "upstream calls/request", "calls without key", "mock's CPU µs/request"],
      figures.targets.map(row),
    ),
  );
}

function allocations() {
  const rows = lines(`${directory}/allocations.tsv`);
  if (!rows.length) return;
  const targets = [...new Set(rows.map(([target]) => target))];
  const kinds = [...new Set(rows.map(([, kind]) => kind))];
  const unit = { closed: "per chat", stream: "per stream of 64 chunks" };
  say(
    "## Bytes allocated",
    "",
    "Hosted in one process with a counter and loaded from another. `bare` is the least forwarder on Kestrel and SocketsHttpHandler:",
    "what it allocates is the framework's, and what a gateway allocates beyond it is the gateway's own.",
    "",
    table(
      ["target", ...kinds.flatMap((kind) => [unit[kind], "beyond bare"])],
      targets.map((t) => [t, ...kinds.flatMap((kind) => [show(allocated(t, kind), 0), show(ownBytes(t, kind), 0)])]),
    ),
  );
  for (const target of targets.filter((t) => t.startsWith("bifrost"))) {
    const largest = rows.filter(([t, kind, figure]) => t === target && kind === "closed" && figure === "type");
    const name = (type) => `\`${type.replaceAll("`", "")}\``;
    if (largest.length) say(`The largest in \`${target}\`, per chat (sampled):`, "", table(["type", "bytes"], largest.map(([, , , bytes, type]) => [name(type), bytes])));
  }
}

function profile() {
  const rows = lines(`${directory}/profile.tsv`);
  if (!rows.length) return;
  const targets = [...new Set(rows.map(([target]) => target))];
  const share = (target, kind, name) => Number(rows.find(([t, k, n]) => t === target && k === kind && n === name)?.[3] ?? 0) / 1000;
  const cell = (target, kind, name) => {
    const cpu = figures.of(target, "small-c64", "cpu_us");
    const part = share(target, kind, name);
    return `${(part * 100).toFixed(1)} %` + (cpu ? ` · ${show(part * cpu, 1)}` : "");
  };
  const parts = [...new Set(rows.filter(([, kind]) => kind === "part").map(([, , name]) => name))];
  say(
    "## By assembly (small, 64 connections)",
    "",
    "Where the gateway's threads were when perf looked, 997 times a second of CPU; the share, and that share of CPU µs per request.",
    "",
    table(["part", ...targets], parts.map((name) => [name, ...targets.map((t) => cell(t, "part", name))])),
  );
  for (const target of targets.filter((t) => t.startsWith("bifrost"))) {
    const own = rows.filter(([t, kind]) => t === target && kind === "method").map(([, , name]) => name);
    const plain = (name) => `\`${name.replaceAll("`", "'")}\``;
    if (own.length) say(`The methods of our own in \`${target}\`:`, "", table(["method", "share · µs"], own.map((n) => [plain(n), cell(target, "method", n)])));
  }
}
