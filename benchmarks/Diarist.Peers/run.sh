#!/usr/bin/env bash
# Measures Diarist beside ONNX Runtime and sherpa-onnx on this machine: separate processes in turn, about ten minutes.
#   benchmarks/Diarist.Peers/run.sh              everything; writes benchmarks/results/<machine>/ and docs/performance.md
#   benchmarks/Diarist.Peers/run.sh pyannet-1 …  only the named comparisons; writes nothing
#   benchmarks/Diarist.Peers/run.sh --keep pyannet-1 …  the same; their rows replace those of the last results
# DIARIST_PEERS_ROUNDS=2 makes that many rounds at most, for when the machine is quiet for a minute only.
# Exit code 0 when every ratio holds, 1 when one does not, 2 when something is missing. Needs no root.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${DIARIST_SHARED:-$root/../shared}
work=$root/artifacts/peers

missing() { echo "run.sh: $1" >&2; exit 2; }
[ "$(uname -sm)" = "Linux x86_64" ] || missing "the peers' libraries are those for Linux on x64, and this is $(uname -sm)"
command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' || missing "the .NET 10 SDK is needed and not here"
command -v node >/dev/null && command -v npm >/dev/null || missing "node and npm are needed to fetch the peers and are not here"
for folder in packs audio; do
  [ -d "$shared/$folder" ] || missing "$shared/$folder is needed (set DIARIST_SHARED to the folder that holds packs and audio)"
done

# The npm packages carry the native libraries; nothing of theirs is executed while they are installed.
mkdir -p "$work"
versions="onnxruntime-node@1.30.0 sherpa-onnx-node@1.13.8 sherpa-onnx-linux-x64@1.13.8"
if [ "$(cat "$work/installed" 2>/dev/null)" != "$versions" ]; then
  # shellcheck disable=SC2086
  npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error $versions \
    || missing "npm could not install the peers"
  echo "$versions" >"$work/installed"
fi

export DIARIST_PACKS="$shared/packs"
dotnet publish "$root/src/Diarist.Cli" -c Release -r linux-x64 --no-self-contained -o "$work/tool" -v quiet -nologo
dotnet build "$root/benchmarks/Diarist.Peers" -c Release -v quiet -nologo
exec "$root/benchmarks/Diarist.Peers/bin/Release/net10.0/Diarist.Peers" run "$@" "$root" "$shared" "$work"
