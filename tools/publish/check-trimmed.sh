#!/bin/sh
# Packs the libraries, then builds a program outside the repository that references the package: it diarizes a stream with
# progress and cancellation and annotates a transcript. It is published trimmed, warnings are errors, and run.
# Usage: tools/publish/check-trimmed.sh [runtime]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
runtime=${1:-linux-x64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in Diarist.Models Diarist; do
  dotnet pack "$root/src/$project" -c Release -v quiet -nologo -o "$work/packages"
done

for package in Diarist.Models Diarist; do
  unzip -p "$work/packages/$package.0.1.0.nupkg" "$package.nuspec" | grep -q '<readme>README.md</readme>'
  test -s "$work/packages/$package.0.1.0.snupkg"
done

mkdir "$work/program"
cat > "$work/nuget.config" <<END
<configuration>
  <config><add key="globalPackagesFolder" value="$work/cache" /></config>
  <packageSources><add key="local" value="$work/packages" /></packageSources>
</configuration>
END
cat > "$work/program/program.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
    <PublishTrimmed>true</PublishTrimmed>
    <TrimmerSingleWarn>false</TrimmerSingleWarn>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Diarist" Version="0.1.0" />
  </ItemGroup>
</Project>
END
cat > "$work/program/Program.cs" <<'END'
using System.Text;
using Diarist;
using Diarist.Attribution;
using Diarist.Packs;
using Diarist.Transcripts;

using var cancellation = new CancellationTokenSource();
Diarizer diarizer = await Diarizer.CreateAsync(PackStore.Open());
var progress = new Steps();
using (FileStream recording = File.OpenRead(args[0]))
{
    Diarization diarization = diarizer.Diarize(recording, "recording", progress, cancellation.Token);
    byte[] words = Encoding.UTF8.GetBytes("""{"segments":[{"start":1.0,"end":3.0,"text":"hello there"}]}""");
    TranscriptDocument document = TranscriptDocument.Read(new MemoryStream(words), "words.json");
    byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, diarization.Turns));
    Console.WriteLine(Encoding.UTF8.GetString(annotated));
    Console.WriteLine($"{diarization.Speakers.Count} speakers, {diarization.Turns.Count} turns, {progress.Count} reports");
    if (progress.Count == 0 || !Encoding.UTF8.GetString(annotated).Contains("SPEAKER_", StringComparison.Ordinal))
    {
        return 1;
    }
}

cancellation.Cancel();
try
{
    using FileStream recording = File.OpenRead(args[0]);
    diarizer.Diarize(recording, "recording", null, cancellation.Token);
    return 1;
}
catch (OperationCanceledException)
{
    Console.WriteLine("cancelled");
    return 0;
}

internal sealed class Steps : IProgress<DiarizationProgress>
{
    private int _count;

    public int Count => _count;

    public void Report(DiarizationProgress value) => Interlocked.Increment(ref _count);
}
END
cd "$work/program"
dotnet publish -r "$runtime" --self-contained -c Release -v quiet -nologo -o "$work/out"
du -sh "$work/out" | cut -f1
"$work/out/program" "$root/samples/conversation.flac"
