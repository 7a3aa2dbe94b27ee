# The least YARP proxy there can be: what a .NET team would take as the limit.
. "$BENCH_DIR/targets/_dotnet.sh"
YARP_BIN=$REPOSITORY/artifacts/bin/Bifrost.Bench.Yarp/release/yarp
t_setup() { dotnet_build bench/yarp; }
t_version() { echo "$(jq -r '.libraries | keys[] | select(startswith("Yarp.ReverseProxy/")) | split("/")[1]' "$YARP_BIN.deps.json"), $(dotnet_says "$YARP_BIN.runtimeconfig.json")"; }
t_port() { echo $((BENCH_BASE_PORT + 2)); }
t_start() { exec "$YARP_BIN" "http://127.0.0.1:$(t_port)" "http://127.0.0.1:$MOCK_PORT/"; }
