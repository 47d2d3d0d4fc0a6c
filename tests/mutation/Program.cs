using System.Reflection;

namespace NbnsSim.Mutation;

/// <summary>Tries the mutants that Stryker made. Started by run.sh in a copy of the folder of the tests, with the mutated core in it.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["simplify", var from, var to]:
                MutantSwitch.Simplify(from, to);
                return 0;
            case ["room", var room, var report, var folder, var processes, var longest, .. var namespaces]:
                TryRoom(room, report, folder, int.Parse(processes), longest, namespaces);
                return 0;
            case ["survey", var path, var mutants, var longest, .. var namespaces]:
                Survey.Make(namespaces, int.Parse(mutants), double.Parse(longest)).Write(path);
                return 0;
            case ["serve", var path, var mutants, .. var namespaces]:
            {
                var output = TakeOutput();
                var control = new MutantSwitch(Assembly.Load("NbnsSim"), int.Parse(mutants));
                var worker = new Worker(Survey.Read(path), control, new TestHost(namespaces));
                output.WriteLine("ready");
                output.Flush();
                worker.Serve(Console.In, output);
                return 0;
            }

            case ["alone", var path, var mutants, var mutant, .. var namespaces]:
            {
                var output = TakeOutput();
                var control = new MutantSwitch(Assembly.Load("NbnsSim"), int.Parse(mutants));
                control.Set(int.Parse(mutant));
                new Worker(Survey.Read(path), control, new TestHost(namespaces)).TryAll(output);
                return 0;
            }

            default:
                Console.Error.WriteLine("use tests/mutation/run.sh");
                return 2;
        }
    }

    /// <summary>Tries the mutants of a room; with AGAIN=1 in the environment only those that were not noticed last time, with EVERY=N every Nth.</summary>
    private static void TryRoom(string room, string report, string folder, int processes, string longest, string[] namespaces)
    {
        var all = Mutant.Read(report);
        int mutants = all.Max(mutant => mutant.Id) + 1;
        int every = int.TryParse(Environment.GetEnvironmentVariable("EVERY"), out int sample) ? sample : 1;
        var chosen = all.Where(mutant => mutant.Room == room).OrderBy(mutant => mutant.Id).Where((_, index) => index % every == 0).ToList();
        string results = Path.Combine(folder, $"{room}.tsv");
        if (Environment.GetEnvironmentVariable("AGAIN") == "1" && File.Exists(results))
        {
            var noticed = File.ReadLines(results).Select(line => line.Split('\t')).Where(cells => cells[0] == "noticed").ToDictionary(cells => int.Parse(cells[1]), cells => cells[^1]);
            foreach (var mutant in chosen.Where(mutant => noticed.ContainsKey(mutant.Id)))
                (mutant.Noticed, mutant.How) = (true, noticed[mutant.Id]);
        }

        string survey = Path.Combine(folder, $"{room}.survey.json");
        File.Delete(survey);
        using (var child = new Child(["survey", survey, $"{mutants}", longest, .. namespaces]))
            child.Ask(null, TimeSpan.FromMinutes(15)); // it says nothing: this waits for its end
        var surveyed = Survey.Read(survey);
        Console.WriteLine($"{room}: {surveyed.Tests.Length} tests of {surveyed.Tests.Sum(test => test.Milliseconds) / 1000:F1} s; {surveyed.Left.Length} left out{string.Concat(surveyed.Left.Select(name => "\n  left out: " + name))}");

        // each at once, so that a run that is ended early can go on with AGAIN=1
        File.WriteAllLines(results, chosen.Where(mutant => mutant.Noticed is not null).Select(mutant => mutant.ToRow()));
        new Trial(survey, namespaces, mutants).Run([.. chosen.Where(mutant => mutant.Noticed is null)], processes, mutant => File.AppendAllLines(results, [mutant.ToRow()]));

        var missed = chosen.Where(mutant => mutant.Noticed != true).ToList();
        Console.WriteLine($"{room}: {chosen.Count - missed.Count} of {chosen.Count} noticed, {100.0 * (chosen.Count - missed.Count) / Math.Max(1, chosen.Count):F1} %{(every > 1 ? $", of every {every}th mutant" : "")}");
        foreach (var mutant in missed.OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Line))
            Console.WriteLine($"  {mutant.Id,6} {mutant.File[(room.Length + 1)..]}:{mutant.Line} {mutant.Kind}: {mutant.Change}{(mutant.How == "survived" ? "" : $"  [{mutant.How}]")}");
    }

    /// <summary>Standard output for answers alone: what tests print goes nowhere.</summary>
    private static StreamWriter TakeOutput()
    {
        var output = new StreamWriter(Console.OpenStandardOutput());
        Console.SetOut(TextWriter.Null);
        return output;
    }
}
