using NUnit.Framework.Interfaces;

namespace NbnsSim.Mutation;

/// <summary>
/// Tries mutants in this process: reads their numbers from standard input, a line each, and answers a line each: <c>survived</c>, <c>noticed TEST</c>, or
/// <c>spoilt TEST</c> when the test fails without the mutant too, because a mutant has left something behind in this process.
/// </summary>
internal sealed class Worker(Survey survey, MutantSwitch control, TestHost host)
{
    // processor time in milliseconds: quick tests first, since most mutants fail many
    private static readonly double[] Waves = [3, 30, 300, double.MaxValue];
    private readonly Dictionary<string, ITest> _tests = host.Tests.GroupBy(test => test.FullName, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
    private readonly List<string> _lately = [];

    /// <summary>Tries each mutant that <paramref name="input"/> names by the tests that come by it.</summary>
    public void Serve(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            int mutant = int.Parse(line);
            control.Set(mutant);
            string? noticed = Try(survey.Covers[mutant].Select(index => survey.Tests[index]));
            control.Set(MutantSwitch.Off);
            if (noticed is null)
                output.WriteLine("survived");
            else if (host.Run([_tests[noticed]], stopsAtFailure: true))
                output.WriteLine($"noticed {noticed}");
            else
                output.WriteLine($"spoilt {noticed}");
            output.Flush();
        }
    }

    /// <summary>Tries the mutant that was on before the tests were loaded by every test of the room.</summary>
    public void TryAll(TextWriter output)
    {
        output.WriteLine(Try(survey.Tests) is { } noticed ? $"noticed {noticed}" : "survived");
        output.Flush();
    }

    private string? Try(IEnumerable<SurveyedTest> tests)
    {
        var rest = tests.Where(test => _tests.ContainsKey(test.Name)).OrderBy(test => test.Milliseconds).ToList();
        var waves = new List<SurveyedTest[]> { rest.Where(test => _lately.Contains(test.Name)).ToArray() };
        rest.RemoveAll(test => _lately.Contains(test.Name));
        waves.AddRange(Waves.Select((most, index) => rest.Where(test => test.Milliseconds <= most && (index == 0 || test.Milliseconds > Waves[index - 1])).ToArray()));
        foreach (var wave in waves)
        {
            if (host.Run(wave.Select(test => _tests[test.Name]), stopsAtFailure: true))
                continue;
            if (Array.Exists(wave, test => test.Name == host.Failed && test.Milliseconds < 30))
            {
                _lately.Remove(host.Failed!);
                _lately.Insert(0, host.Failed!);
                if (_lately.Count > 8)
                    _lately.RemoveAt(8);
            }

            return host.Failed;
        }

        return null;
    }
}
