# Bytes allocated per request, by hosting each .NET gateway in the benchmarks' process and loading it from another.

allocate() { # SUBJECT NAME KIND BODY-OF-TARGET BODY [OPTION...]
  local subject=$1 name=$2 kind=$3 body=$WORK/run/$4/bodies/$5.json figure a b
  shift 5
  timeout 90 "$REPOSITORY/artifacts/bin/Bifrost.Benchmarks/release/Bifrost.Benchmarks" allocations "$subject" --kind "$kind" --body "$body" \
    --port $((BENCH_BASE_PORT + 9)) --upstream "http://127.0.0.1:$MOCK_PORT" --loadgen "$LOADGEN" "$@" > "$OUT/.allocations" 2> "$OUT/.allocations.err"
  if [ $? -ne 0 ]; then T_NAME=$name fail_target "allocations: $(tail -5 "$OUT/.allocations.err")"; return; fi
  while IFS=$'\t' read -r figure a b; do printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$kind" "$figure" "$a" "$b"; done < "$OUT/.allocations" >> "$OUT/allocations.tsv"
  echo "  $name ($kind): $(awk '$1 == "bytes" {print $2}' "$OUT/.allocations") bytes allocated per request" >&2
}

prepare_allocations() {
  T_NAME=allocations T_DIR=$WORK/run/allocations
  mkdir -p "$T_DIR"
  . "$BENCH_DIR/targets/bifrost.sh"
  dotnet_build bench/Bifrost.Benchmarks || { fail_target "cannot be built"; return 1; }
}

measure_allocations() { # KIND BODY
  local target
  allocate bare bare "$1" direct "$2"
  for target in "${ready[@]}"; do
    case $target in
      yarp) allocate yarp yarp "$1" yarp "$2" ;;
      bifrost*)
        load_target "$target"
        bifrost_app_dir "$WORK/run/allocations/app"
        allocate bifrost "$target" "$1" "$target" "$2" --app-dir "$WORK/run/allocations/app" ${T_HEADERS[1]:+--header "${T_HEADERS[1]}"} ;;
    esac
  done
  rm -f "$OUT"/.allocations*
}
