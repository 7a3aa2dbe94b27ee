// The official client, unchanged: only baseURL and apiKey say that a gateway answers instead of OpenAI.
import { File } from "node:buffer";
import OpenAI from "openai";

// Node 18 has it, but not where the client looks for it.
globalThis.File ??= File;

const baseURL = process.env.BASE_URL;
if (!baseURL) {
  throw new Error("BASE_URL is not set: it is the gateway's address with /v1, /openai or /openai/v1.");
}

// No retries: a test should see the first answer, not the luckiest.
export const client = new OpenAI({ baseURL, apiKey: "unused", maxRetries: 0, timeout: 30_000 });

export const fluxSchnell = "replicate/black-forest-labs/flux-schnell";
export const fluxDev = "replicate/black-forest-labs/flux-dev";
export const sdxl = "replicate/stability-ai/sdxl";
export const llama8b = "replicate/meta/meta-llama-3-8b-instruct";
export const llama70b = "replicate/meta/meta-llama-3-70b-instruct";
export const whisper = "replicate/openai/whisper";
export const llava = "replicate/yorickvp/llava-13b";
export const gen4 = "replicate/runwayml/gen4-turbo";
export const deepseek = "replicate/deepseek-ai/deepseek-r1";

export function user(content) {
  return { role: "user", content };
}

export async function collect(stream) {
  const all = [];
  for await (const item of stream) {
    all.push(item);
  }
  return all;
}
