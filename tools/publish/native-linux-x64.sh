#!/usr/bin/env bash
# Publishes the tool for Linux on x64 as native code (NativeAOT) for processors with AVX2 (x86-64-v3, 2013 and later); it starts
# on no other. Needs clang or gcc, and zlib's headers: apt-get install clang zlib1g-dev.
#   tools/publish/native-linux-x64.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-artifacts/publish/native-linux-x64}
linker=$(command -v clang >/dev/null && echo clang || echo gcc)
dotnet publish src/Diarist.Cli -c Release -r linux-x64 -o "$out" -v quiet -nologo \
  -p:PublishAot=true -p:IlcInstructionSet=x86-64-v3 -p:PublishReadyToRun=false -p:CppCompilerAndLinker="$linker" -p:StripSymbols=true -p:GenerateDocumentationFile=false
rm -f "$out"/*.dbg "$out"/*.pdb
ls -l "$out"
