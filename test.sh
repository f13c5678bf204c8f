#!/usr/bin/env bash
# Builds everything with warnings as errors, runs every test, checks the formatting.
# Closes with the line "N passed, N failed, N skipped"; exits non-zero when anything failed.
set -uo pipefail
cd "$(dirname "$0")"

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "test.sh: the .NET 10 SDK is needed and not here" >&2
  exit 1
fi

# Peers that some tests compare with. Without them those tests are skipped and say so.
packages=()
command -v sox >/dev/null || packages+=(sox)
command -v flac >/dev/null || packages+=(flac)
command -v ffmpeg >/dev/null || packages+=(ffmpeg)
command -v lame >/dev/null || packages+=(lame)
command -v oggenc >/dev/null || packages+=(vorbis-tools)
command -v opusenc >/dev/null || packages+=(opus-tools)
command -v curl >/dev/null || packages+=(curl)
command -v pocketsphinx_continuous >/dev/null || packages+=(pocketsphinx pocketsphinx-en-us)
command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core)
# Daemons for the tests of many machines; Debian keeps them where only root looks.
PATH=$PATH:/usr/sbin
command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v sbatch >/dev/null || packages+=(slurm-wlm)
command -v munged >/dev/null || packages+=(munge)
command -v nats-server >/dev/null || packages+=(nats-server)
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "test.sh: installing ${packages[*]}"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}") >/dev/null 2>&1 \
      || echo "test.sh: could not install ${packages[*]}; the tests that need them are skipped"
  else
    echo "test.sh: without ${packages[*]} the tests that need them are skipped"
  fi
fi

dotnet build Diarist.slnx -c Release -p:RunAnalyzers=true -v quiet -nologo || exit 1

# Much of the tests' time is waiting for processes, so two rows of them run at once; each prints what it has when it ends.
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
run_tests() {
  for name in "$@"; do
    dotnet "tests/$name/bin/Release/net10.0/$name.dll" -noLogo -noColor -showLiveOutput >"$logs/$name" 2>&1
    cat "$logs/$name"
  done
}

# Almost right inputs for every parser; longer with: Diarist.Fuzz.dll 10000000 3600.
run_rest() {
  dotnet tests/Diarist.Fuzz/bin/Release/net10.0/Diarist.Fuzz.dll 200000 || touch "$logs/failed.fuzz"
  # Style and analyzers are part of the build above, so that only the layout is left to compare.
  dotnet format whitespace Diarist.slnx --verify-no-changes --no-restore \
    || { echo "test.sh: the formatting differs from dotnet format's" >&2; touch "$logs/failed.format"; }
}

(run_tests Diarist.Tests Diarist.Server.Tests Diarist.Page.Tests) & row=$!
run_tests Diarist.Cli.Tests
run_rest
wait $row

passed=0 failed=$(find "$logs" -name 'failed.*' | wc -l) skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  # xunit's last line: "  Name  Total: 5, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s"
  summary=$(grep -sE '^ *[A-Za-z.]+ +Total: [0-9]+, Errors: ' "$logs/$name" | tail -n 1)
  if [ -z "$summary" ]; then
    echo "test.sh: $name did not finish" >&2
    failed=$((failed + 1))
    continue
  fi
  read -r total errors fails skips < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/' <<<"$summary")
  failed=$((failed + fails + errors))
  skipped=$((skipped + skips))
  passed=$((passed + total - fails - skips))
  grep -E '\[FAIL\]' "$logs/$name"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
