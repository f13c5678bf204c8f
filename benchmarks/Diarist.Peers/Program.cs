using System.Text.Json;
using Diarist;
using Diarist.Peers;

// Started by run.sh. Every measurement is a process of its own: this program starts itself with `measure`.
const string Usage = "usage: Diarist.Peers (run [COMPARISON…] | measure COMPARISON CONTENDER | agree COMPARISON) REPOSITORY SHARED WORK";
if (args is not [string command, .. string[] names, string repository, string shared, string work])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var workspace = new Workspace(repository, shared, work);
try
{
    switch (command)
    {
        case "run":
            workspace.Prepare();
            return new Rounds(workspace).Run(names);
        case "measure" when names is [string comparison, string contender]:
            using (IWorkload workload = Comparison.Find(comparison).Contender(contender).Create(workspace))
            {
                Console.WriteLine(JsonSerializer.Serialize(Measurement.Of(workload)));
            }

            return 0;
        case "agree" when names is [string id]:
            Comparison both = Comparison.Find(id);
            using (IWorkload ours = both.Ours.Create(workspace), theirs = both.Theirs[0].Create(workspace))
            {
                Console.WriteLine(JsonSerializer.Serialize(Agreement.Of(ours, theirs)));
            }

            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException or DiaristException)
{
    Console.Error.WriteLine($"run.sh: {error.Message}");
    return 2;
}
