# Portkey's open-source gateway from npm, on node, with nothing on: it forwards to the mock as a custom host of the provider openai. hono and its node
# server are held at the versions of Portkey's own lock file: with the newest, which npm would take, every stream fails ("TypeError: immutable").
PORTKEY_VERSION=1.15.2
PORTKEY=$WORK/npm/portkey-$PORTKEY_VERSION
t_setup() {
  [ -e "$PORTKEY/node_modules/@portkey-ai/gateway/build/start-server.js" ] && return
  mkdir -p "$PORTKEY"
  echo '{ "private": true, "overrides": { "@hono/node-server": "1.13.5", "hono": "4.9.7" } }' > "$PORTKEY/package.json"
  (cd "$PORTKEY" && npm install --ignore-scripts --no-audit --no-fund "@portkey-ai/gateway@$PORTKEY_VERSION") > "$T_DIR/build.log" 2>&1
}
t_version() { echo "$PORTKEY_VERSION on node $(node --version)"; }
t_warm() { echo 6; }
t_port() { echo $((BENCH_BASE_PORT + 12)); }
t_headers() { printf 'x-portkey-provider: openai\nx-portkey-custom-host: http://127.0.0.1:%s/v1\nAuthorization: Bearer sk-upstream\n' "$MOCK_PORT"; }
t_start() { cd "$PORTKEY" && NODE_ENV=production exec node node_modules/@portkey-ai/gateway/build/start-server.js --port="$(t_port)" --headless; }
