using System.Globalization;
using Diarist.Fuzz;

// Diarist.Fuzz [INPUTS [SECONDS [SEED [TARGET...]]]]: INPUTS over all targets together (default 200000), at most SECONDS (default 120)
// in all. Reproducers and seeds run first. A finding is saved under findings/ and the exit code is 1; once it is mended, its file
// moves to reproducers/TARGET/ and is run ever after.
int inputs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
double seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 120;
int seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
string[] chosen = args.Length > 3 ? args[3..] : [];

DirectoryInfo? folder = new(AppContext.BaseDirectory);
while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Diarist.slnx")))
{
    folder = folder.Parent;
}

string repository = folder?.FullName ?? throw new InvalidOperationException("The fuzzer runs outside the repository.");
var fuzzer = new Fuzzer(Path.Combine(repository, "tests", "Diarist.Fuzz"), repository, seed);
fuzzer.Watch();
Target[] targets = [.. Targets.All.Where(target => chosen.Length == 0 || chosen.Contains(target.Name))];
try
{
    foreach (Target target in targets)
    {
        fuzzer.Run(target, inputs / targets.Length, TimeSpan.FromSeconds(seconds / targets.Length));
    }
}
finally
{
    Scratch.Delete();
}

Console.WriteLine(string.Join("  ", fuzzer.Counts.Select(count => $"{count.Key} {count.Value.ToString(CultureInfo.InvariantCulture)}")));
Console.WriteLine($"{fuzzer.Counts.Values.Sum()} inputs, {fuzzer.Findings.Count} findings");
return fuzzer.Findings.Count == 0 ? 0 : 1;
