#!/usr/bin/env bash
# Publishes the tool for one runtime as a single file that needs no .NET on the machine: trimmed, compiled ahead (ReadyToRun, one image
# with the libraries of the runtime, whose generic code for our types would otherwise be compiled at each start),
# the networks inside. Works from any system; packages of the runtime and its compiler come from NuGet.
#   tools/publish/publish.sh RUNTIME [OUT]        e.g. linux-x64, linux-arm64, win-x64, osx-arm64
set -euo pipefail
runtime=${1:?usage: publish.sh RUNTIME [OUT]}
cd "$(dirname "$0")/../.."
out=${2:-artifacts/publish/$runtime}
dotnet publish src/Diarist.Cli -c Release -r "$runtime" --self-contained -o "$out" -v quiet -nologo \
  -p:PublishSingleFile=true -p:PublishTrimmed=true -p:PublishReadyToRunComposite=true -p:DebugType=none -p:GenerateDocumentationFile=false
ls -l "$out"
