# Ours, verbatim: an OpenAI chat to a provider that speaks it. Metrics and the ledger are always on; virtual keys and the request log are
# not, and what they add is in the targets bifrost-governed, -logged, -logged-content and -everything.
. "$BENCH_DIR/targets/_dotnet.sh"
BIFROST_BIN=$REPOSITORY/artifacts/bin/Bifrost.Server/release/bifrost
t_setup() { dotnet_build src/Bifrost.Server; }
t_version() { echo "$(git -C "$REPOSITORY" describe --always --dirty --exclude '*'), $(dotnet_says "$BIFROST_BIN.runtimeconfig.json")"; }
t_port() { echo $((BENCH_BASE_PORT + 4)); }
t_model() { echo openai/gpt-4o-mini; }
t_health() { echo /health; }
BENCH_LOGGING=off # off, rows, or content
BENCH_GOVERNANCE=''
bifrost_client() { # what is logged, by the published settings
  case $BENCH_LOGGING in
    off) echo '{ "enable_logging": false }' ;;
    rows) echo '{ "enable_logging": true, "disable_content_logging": true }' ;;
    content) echo '{ "enable_logging": true, "disable_content_logging": false }' ;;
  esac
}
bifrost_governed() { # a virtual key with budgets and rate limits at key, team, customer and model that nobody reaches; calls show it
  local rates='"rate_limit": { "request_max_limit": 1000000000, "request_reset_duration": "1m", "token_max_limit": 1000000000000, "token_reset_duration": "1m" }'
  BENCH_GOVERNANCE='"governance": {
    "customers": [{ "id": "acme", "name": "Acme", "budgets": [{ "max_limit": 1000000, "reset_duration": "1M" }], '$rates' }],
    "teams": [{ "id": "research", "name": "Research", "customer_id": "acme", "budgets": [{ "max_limit": 1000000, "reset_duration": "1M" }], '$rates' }],
    "virtual_keys": [{
      "id": "bench", "name": "Bench", "value": "sk-bf-bench-bench-bench-bench", "team_id": "research",
      "budgets": [{ "max_limit": 1000000, "reset_duration": "1d" }], '$rates',
      "provider_configs": [{ "provider": "openai", "allowed_models": ["gpt-4o-mini"], "allowed_keys": ["bench"] }]
    }],
    "model_configs": [{ "id": "mini", "model_name": "gpt-4o-mini", "provider": "openai", "budgets": [{ "max_limit": 1000000, "reset_duration": "1d" }], '$rates' }]
  },'
  t_headers() { echo "Authorization: Bearer sk-bf-bench-bench-bench-bench"; }
}
bifrost_app_dir() { # DIRECTORY: a new one, with both providers at the mock
  rm -rf "$1" && mkdir -p "$1"
  cat > "$1/config.json" <<CONF
{
  "client": $(bifrost_client),
  $BENCH_GOVERNANCE
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
