using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["nemotron3", ..])
{
    Diarist.Benchmarks.Nemotron3Speed.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Environment.ProcessorCount);
    return;
}

// dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- --filter '*Gemm*'
// In one process: kernels choose their instruction set by a parameter, and nothing needs to be built a second time.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
