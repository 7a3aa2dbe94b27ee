// Reads raw.tsv (round, target, load, metric, value) and answers with medians over the rounds.
import { existsSync, readFileSync } from "node:fs";

const number = new Intl.NumberFormat("en-US");

/** Three significant digits or so; a dash for what was not measured. */
export function show(value, digits) {
  if (value == null || !Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1000) return number.format(Math.round(value));
  return value.toFixed(digits ?? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2));
}

export function lines(file) {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => line.split("\t")) : [];
}

/** A Markdown table: the first column to the left, the others to the right unless they are words. */
export function table(head, rows, words = false) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map((_, i) => (i && !words ? "---:" : "---")).join("|")}|`, ...rows.map(line), ""].join("\n");
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export class Figures {
  targets = [];
  loads = [];
  dropped = 0;
  #values = new Map();
  #rounds = new Map();
  #kinds = new Map();
  #disturbed = new Set();

  /** A measurement disturbed by others is left out where the same one was had undisturbed in another round. */
  constructor(file, order, mostAlien) {
    const rows = lines(file);
    const measured = new Set(rows.map(([, target]) => target));
    this.targets = order.filter((target) => measured.has(target));
    const alien = new Map();
    for (const [round, target, load, metric, value] of rows)
      if (metric === "alien_pct") alien.set(`${round} ${target} ${load}`, Number(value));
    const disturbed = (round, target, load) => (alien.get(`${round} ${target} ${load}`) ?? 0) > mostAlien;
    const clean = new Set(rows.filter(([r, t, l]) => !disturbed(r, t, l)).map(([, t, l]) => `${t} ${l}`));
    const dropped = new Set();
    for (const [round, target, load, metric, value] of rows) {
      if (metric === "kind") {
        this.#kinds.set(load, value);
        if (!this.loads.includes(load)) this.loads.push(load);
        continue;
      }
      if (disturbed(round, target, load)) {
        if (clean.has(`${target} ${load}`)) {
          dropped.add(`${round} ${target} ${load}`);
          continue;
        }
        this.#disturbed.add(`${target} ${load}`);
      }
      const key = `${target} ${load} ${metric}`;
      this.#values.set(key, [...(this.#values.get(key) ?? []), Number(value)]);
      this.#rounds.set(`${key} ${round}`, Number(value));
    }
    this.dropped = dropped.size;
  }

  ofKind(...kinds) {
    return this.loads.filter((load) => kinds.includes(this.#kinds.get(load)));
  }

  of(target, load, metric) {
    const values = this.#values.get(`${target} ${load} ${metric}`)?.filter(Number.isFinite);
    return values?.length ? median(values) : null;
  }

  sum(target, load, metric) {
    return (this.#values.get(`${target} ${load} ${metric}`) ?? []).reduce((a, b) => a + b, 0);
  }

  has(target, load) {
    return this.of(target, load, "alien_pct") != null;
  }

  ratio(target, reference, load, metric) {
    const a = this.of(target, load, metric);
    const b = this.of(reference, load, metric);
    return a != null && b ? a / b : null;
  }

  /** What a target has more than another in the same round: the median of the rounds in which both were had, with half the range. */
  over(target, reference, load, metric) {
    const differences = [...this.#rounds]
      .filter(([key]) => key.startsWith(`${target} ${load} ${metric} `))
      .map(([key, value]) => value - this.#rounds.get(key.replace(target, reference)))
      .filter(Number.isFinite);
    if (!differences.length) return null;
    return { middle: median(differences), spread: (Math.max(...differences) - Math.min(...differences)) / 2 };
  }

  /** The median with half the range between the rounds, and "!" when it was never had undisturbed. */
  cell(target, load, metric, digits) {
    const values = this.#values.get(`${target} ${load} ${metric}`) ?? [];
    const middle = this.of(target, load, metric);
    const spread = values.length > 1 && middle ? ` ±${Math.round(((Math.max(...values) - Math.min(...values)) / 2 / middle) * 100)}%` : "";
    return show(middle, digits) + spread + (middle != null && this.#disturbed.has(`${target} ${load}`) ? " !" : "");
  }

  added(target, load, metric) {
    const mine = this.of(target, load, metric);
    const direct = this.of("direct", load, metric);
    return target === "direct" || mine == null || direct == null ? null : mine - direct;
  }
}
