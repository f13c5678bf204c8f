#!/usr/bin/env bash
# Publishes the tool for Linux on x64 as native code (NativeAOT). Needs clang or gcc.
#   tools/publish/native-linux-x64.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-artifacts/publish/native-linux-x64}
linker=$(command -v clang >/dev/null && echo clang || echo gcc)
dotnet publish src/Diarist.Cli -c Release -r linux-x64 -o "$out" -v quiet -nologo \
  -p:PublishAot=true -p:PublishReadyToRun=false -p:CppCompilerAndLinker="$linker" -p:StripSymbols=true -p:GenerateDocumentationFile=false
rm -f "$out"/*.dbg
ls -l "$out"
