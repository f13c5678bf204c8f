using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Diarist.Benchmarks;

if (args is ["nemotron3", ..])
{
    Diarist.Benchmarks.Nemotron3Speed.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Environment.ProcessorCount);
    return 0;
}

// dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- loading [threads]   times the networks inside from the assembly to what runs
if (args is ["loading", ..])
{
    LoadingSpeed.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Environment.ProcessorCount);
    return 0;
}

// dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- decoding FILE...   times the decoders of compressed recordings
if (args is ["decoding", .. var recordings])
{
    DecodingSpeed.Run(recordings);
    return 0;
}

if (args is ["products", ..])
{
    ProductShares.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 171);
    return 0;
}

if (args is ["queue", var url, var seconds, ..])
{
    return await QueueScaling.RunAsync(url, double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 1);
}

// dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- --filter '*Gemm*'
// dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- readers   times the readers of transcripts on 1 to 8 MB
if (args.FirstOrDefault() == "readers")
{
    return ReaderScaling.Run();
}

if (args.FirstOrDefault() == "scoring")
{
    return ScoringScaling.Run();
}

if (args.FirstOrDefault() == "dialects")
{
    return ReaderScaling.RunDialects();
}

// In one process: kernels choose their instruction set by a parameter, and nothing needs to be built a second time.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
