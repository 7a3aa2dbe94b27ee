// What a run was held to, and whether it kept to it: budgets.mjs DIRECTORY prints what went past its budget, and ends with 1 if anything did.
import { fileURLToPath } from "node:url";
import { Figures, lines } from "./figures.mjs";

const file = fileURLToPath(new URL("../budgets.tsv", import.meta.url));
const keeps = (bound, ratio) => (bound.startsWith("<=") ? ratio <= Number(bound.slice(2)) : ratio >= Number(bound.slice(2)));

/** Those of which both sides were measured, each with the ratio that was had. */
export function budgets(figures) {
  return lines(file)
    .filter(([first]) => !first.startsWith("#"))
    .map(([target, against, load, metric, goal, budget]) => ({
      figure: `${target} to ${against}, ${load}, ${metric}`,
      goal,
      budget,
      ratio: figures.ratio(target, against, load, metric),
    }))
    .filter(({ ratio }) => ratio != null)
    .map((one) => ({ ...one, reached: keeps(one.goal, one.ratio), kept: keeps(one.budget, one.ratio) }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = process.argv[2];
  const order = lines(`${directory}/versions.tsv`).map(([target]) => target);
  const passed = budgets(new Figures(`${directory}/raw.tsv`, order, Number(process.env.BENCH_ALIEN_MAX || 12))).filter(({ kept }) => !kept);
  for (const { figure, budget, ratio } of passed) console.error(`# past its budget: ${figure}: ${ratio.toFixed(2)} (${budget})`);
  process.exit(passed.length ? 1 : 0);
}
