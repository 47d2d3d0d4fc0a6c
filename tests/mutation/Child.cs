using System.Diagnostics;

namespace NbnsSim.Mutation;

/// <summary>A process of this program that tries mutants; ended when a mutant takes it too long.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    /// <summary>Starts it.</summary>
    public Child(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_GCHeapHardLimit"] = "60000000"; // hexadecimal: 1.5 GiB
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Asks for a mutant, if one is named, and waits for the answer; null when there was none: it took too long or the process died.</summary>
    /// <param name="mutant">The mutant, or null when the process was started for one.</param>
    /// <param name="limit">The processor time to allow. A process that waits without working is allowed twenty times as long.</param>
    public string? Ask(int? mutant, TimeSpan limit)
    {
        _process.Refresh();
        var start = _process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        if (mutant is not null)
        {
            _process.StandardInput.WriteLine(mutant);
            _process.StandardInput.Flush();
        }

        var answer = _process.StandardOutput.ReadLineAsync();
        while (!answer.Wait(50))
        {
            _process.Refresh();
            if (_process.HasExited || (_process.TotalProcessorTime - start <= limit && clock.Elapsed <= limit * 20))
                continue;
            Dispose();
            return null;
        }

        IsAlive = answer.Result is not null;
        return answer.Result;
    }

    public void Dispose()
    {
        IsAlive = false;
        if (_isDisposed)
            return;
        _isDisposed = true;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has ended by itself
        }

        _process.WaitForExit();
        _process.Dispose();
    }
}
