# As bifrost, with governance: a virtual key under budgets and rate limits at four levels (key, team, customer, model), kept in SQLite.
. "$BENCH_DIR/targets/bifrost.sh"
bifrost_governed
t_port() { echo $((BENCH_BASE_PORT + 6)); }
unset -f t_health # the same as bifrost's
