// One line of JSON for each test that ended, for the program that started node.
export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") {
      continue;
    }
    const error = data.details?.error;
    const outcome = {
      name: data.name,
      passed: type === "test:pass",
      skipped: data.skip === undefined ? null : String(data.skip === true ? "no reason given" : data.skip),
      milliseconds: data.details?.duration_ms ?? 0,
      message: error ? told(error.cause ?? error) : null,
    };
    yield `${JSON.stringify(outcome)}\n`;
  }
}

function told(cause) {
  const stack = cause?.stack ?? String(cause);
  const message = String(cause?.message ?? "");
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}
