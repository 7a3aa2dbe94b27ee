// Fills a gateway with more than a page can show, and with names and numbers at their ends: node crowd.mjs ADDRESS [KEYS]. For looking, not for tests.
const [address, keys = "400"] = process.argv.slice(2);
const ask = async (method, path, body) => {
  const answer = await fetch(`${address}/api/${path}`, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return Object.values(JSON.parse(text)).find((v) => v && typeof v === "object");
};
const make = (path, body) => ask("POST", `governance/${path}`, body);
const long = "Department for the Reconciliation of Invoices and Other Papers of the Northern Regions";
const unbroken = "a-name-without-a-single-place-to-break-it-because-it-came-out-of-a-script-that-joined-everything";
const named = (word, i) => (i === 0 ? `${word} ${long}` : i === 1 ? unbroken : `${word} ${i + 1}`);
const money = [0.000001, 5, 250, 12_345_678.9, 999_999_999];
const budgets = (i) => [{ max_limit: money[i % money.length], reset_duration: ["1h", "1d", "1M", "1Y", "never"][i % 5] }];
const rate = { request_max_limit: 1_000_000, request_reset_duration: "1m", token_max_limit: 2_000_000_000, token_reset_duration: "1d" };

const customers = [], units = [], teams = [], users = [];
for (let i = 0; i < 30; i++) customers.push(await make("customers", { name: named("Customer", i), budgets: budgets(i) }));
for (let i = 0; i < 12; i++) units.push(await make("business-units", { name: named("Unit", i), budgets: i % 2 ? budgets(i) : undefined }));
for (let i = 0; i < 40; i++) {
  teams.push(await make("teams", { name: named("Team", i), customer_id: i % 2 ? customers[i % 30].id : undefined, business_unit_id: i % 2 ? undefined : units[i % 12].id, budgets: budgets(i), rate_limit: i % 3 ? undefined : rate }));
}
for (let i = 0; i < 60; i++) users.push(await make("users", { name: named("User", i), email: i === 0 ? `${"somebody.with.a.very.long.name.".repeat(3)}@department.example.com` : `user${i}@example.com` }));
for (let i = 0; i < Number(keys); i++) {
  await make("virtual-keys", {
    name: i < 2 ? named("Key", i) : `service-${i}`,
    description: i % 5 ? undefined : long,
    tags: i % 4 ? undefined : ["production", "a tag that is rather long", "eu-west", "fourth"],
    ...(i % 3 === 0 ? { team_id: teams[i % 40].id } : i % 3 === 1 ? { customer_id: customers[i % 30].id } : { user_id: users[i % 60].id }),
    is_active: i % 11 !== 0,
    budgets: i % 2 ? budgets(i) : [...budgets(i), { max_limit: 3, reset_duration: "1w" }, { max_limit: 9, reset_duration: "1Q" }],
    rate_limit: i % 3 ? undefined : rate,
  });
}
console.log(`${customers.length} customers, ${units.length} business units, ${teams.length} teams, ${users.length} users, ${keys} virtual keys`);
