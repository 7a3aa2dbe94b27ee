// A real gateway, a provider that speaks OpenAI's protocol on a real socket, and a browser: what every test here needs.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { fileURLToPath } from "node:url";
import { cut, launch, open, violations } from "./browser.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.BIFROST ?? join(root, "artifacts/bin/Bifrost.Server/release/bifrost");
const shots = process.env.SHOTS ?? join(root, "artifacts/shots");
mkdirSync(shots, { recursive: true });

// These gateways live for seconds: compiling their busiest code again, and better, would take more than it gives.
const briefly = { DOTNET_TC_CallCounting: "0", DOTNET_TieredPGO: "0" };

const closing = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

// A page that nobody looks at any more still asks its gateway for news.
const visits = [];
afterEach(async () => {
  for (const context of visits.splice(0)) await context.close();
});

let shared;
async function browser() {
  if (!shared) {
    shared = launch();
    closing.push(async () => (await shared).close());
  }
  return shared;
}

/** Starts ./bifrost on a free port with a folder of its own. Every test file has its own gateway. */
export async function gateway({ config, args = [], env = {}, lively = false } = {}) {
  if (args.includes("--demo") && !lively) args = [...args, "--still"];
  const folder = mkdtempSync(join(tmpdir(), "bifrost-ui-"));
  if (config) writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const house = { folder, address: "", child: undefined };
  house.start = async (port = 0) => {
    const child = spawn(program, ["--port", String(port), "--app-dir", folder, "--log-level", "warn", ...args], { env: { ...process.env, ...briefly, ...env } });
    house.child = child;
    house.said = "";
    house.address = await new Promise((resolve, reject) => {
      const hear = (bytes) => {
        house.said += bytes;
        const found = house.said.match(/HTTP\s+(http:\/\/\S+)/);
        if (found) resolve(found[1]);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("exit", (code) => reject(new Error(`bifrost ended with ${code}: ${house.said}`)));
    });
    house.port = Number(new URL(house.address).port);
  };
  house.stop = (signal = "SIGTERM") =>
    new Promise((resolve) => {
      if (!house.child || house.child.exitCode !== null || house.child.signalCode !== null) return resolve();
      house.child.once("exit", resolve);
      house.child.kill(signal);
    });
  /** Asks the management API, or sends a call: JSON in, JSON out. */
  house.ask = async (method, path, body, headers = {}) => {
    const answer = await fetch(house.address + path, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
  };
  /** A page of this gateway in a browser context of its own. Fails the test that opened it when the page breaks a rule of its own. */
  house.visit = async (path = "", options = {}) => {
    const { page, context } = await open(house.address, { ...options, browser: await browser() });
    page.broken = [];
    page.on("pageerror", (e) => page.broken.push(e.message));
    page.on("console", (m) => m.type() === "error" && /Content Security Policy|Unhandled|circuit/i.test(m.text()) && page.broken.push(m.text()));
    page.go = async (to) => {
      await page.goto(`${house.address}/ui/${to}`);
      await live(page);
    };
    page.shot = (name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    visits.push(context);
    await page.go(path);
    return page;
  };
  closing.push(() => house.stop());
  await house.start();
  return house;
}

/** Waits until a page answers to what is done on it. */
export const live = (page) => page.waitForSelector("html[data-live=true]");

/** A provider that speaks OpenAI's protocol. `provider.requests` are the bodies it got. */
export async function provider({ answer = "Hello from the provider.", delay = 0 } = {}) {
  const it = { requests: [], answer, status: 200 };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (d) => (text += d));
    request.on("end", async () => {
      const body = text ? JSON.parse(text) : undefined;
      it.requests.push({ path: request.url, body, headers: request.headers });
      if (delay) await new Promise((r) => setTimeout(r, delay));
      response.setHeader("Content-Type", "application/json");
      if (it.status !== 200) {
        response.statusCode = it.status;
        return response.end(JSON.stringify({ error: { message: it.error ?? "The provider says no.", type: "invalid_request_error" } }));
      }
      if (request.url.endsWith("/models")) return response.end(JSON.stringify({ object: "list", data: [{ id: "gpt-4o-mini", object: "model", owned_by: "openai" }] }));
      const usage = { prompt_tokens: 12, completion_tokens: 6, total_tokens: 18 };
      const base = { id: "chatcmpl-1", created: 1, model: body?.model ?? "gpt-4o-mini" };
      if (body?.stream) {
        response.setHeader("Content-Type", "text/event-stream");
        for (const word of it.answer.split(/(?<= )/)) {
          response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: word }, finish_reason: null }] })}\n\n`);
        }
        response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage })}\n\n`);
        return response.end("data: [DONE]\n\n");
      }
      response.end(JSON.stringify({ ...base, object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: it.answer }, finish_reason: "stop" }], usage }));
    });
  });
  await new Promise((r) => server.listen(0, "127.0.0.1", r));
  it.url = `http://127.0.0.1:${server.address().port}`;
  closing.push(() => new Promise((r) => (server.closeAllConnections(), server.close(r))));
  return it;
}

/** A config.json with this provider as OpenAI. */
export const configOf = (upstream, more = {}) => ({
  providers: { openai: { keys: [{ name: "main", value: "sk-upstream-secret", models: ["*"] }], network_config: { base_url: upstream.url } } },
  ...more,
});

export { cut, violations };
