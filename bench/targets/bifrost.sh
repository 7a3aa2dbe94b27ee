# Ours, verbatim: an OpenAI chat to a provider that speaks it.
. "$BENCH_DIR/targets/_dotnet.sh"
BIFROST_BIN=$REPOSITORY/artifacts/bin/Bifrost.Server/release/bifrost
t_setup() { dotnet_build src/Bifrost.Server; }
t_version() { echo "$(git -C "$REPOSITORY" describe --always --dirty --exclude '*'), $(dotnet_says "$BIFROST_BIN.runtimeconfig.json")"; }
t_port() { echo $((BENCH_BASE_PORT + 4)); }
t_model() { echo openai/gpt-4o-mini; }
t_health() { echo /health; }
bifrost_app_dir() { # DIRECTORY: a new one, with both providers at the mock
  rm -rf "$1" && mkdir -p "$1"
  cat > "$1/config.json" <<CONF
{
  "providers": {
    "openai": {
      "keys": [{ "name": "bench", "value": "sk-upstream", "weight": 1, "models": ["*"] }],
      "network_config": { "base_url": "http://127.0.0.1:$MOCK_PORT" }
    },
    "replicate": {
      "keys": [{ "name": "bench", "value": "r8_bench", "weight": 1, "models": ["*"] }],
      "network_config": { "base_url": "http://127.0.0.1:$MOCK_PORT/v1" }
    }
  }
}
CONF
}
t_start() {
  bifrost_app_dir "$T_DIR/app"
  exec "$BIFROST_BIN" --port "$(t_port)" --app-dir "$T_DIR/app" --log-level warn
}
