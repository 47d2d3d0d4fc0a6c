using System.ComponentModel;
using System.Diagnostics;

namespace NbnsSim.Reports.Tests.EventLogs;

/// <summary>Other people's readers of .evtx files: libevtx's <c>evtxexport</c> and python-evtx's <c>evtx_dump.py</c>, Debian packages. Tests are ignored where they are missing.</summary>
internal static class EvtxOracle
{
    /// <summary>What a reader prints of a file; fails the test where it fails.</summary>
    public static string Read(string tool, string path)
    {
        var start = new ProcessStartInfo(tool, [path]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using var process = Process.Start(start)!;
            var complaint = process.StandardError.ReadToEndAsync();
            string printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, complaint.Result);
            return printed;
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"{tool} is not installed (Debian: libevtx-utils, python3-evtx).");
            throw;
        }
    }

    /// <summary>evtxexport's records: number, code, computer, source and strings, the data in hex last.</summary>
    public static List<string> Records(string printed)
    {
        var records = new List<string>();
        foreach (string block in printed.Split("Event number\t").Skip(1))
        {
            string Field(string name) => block.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim() : "";
            string number = block[(block.IndexOf(": ", StringComparison.Ordinal) + 2)..block.IndexOf('\n', StringComparison.Ordinal)].Trim();
            string code = Field("Event identifier");
            records.Add($"{number} {code[(code.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')')} {Field("Source name")} {Field("Computer name")}");
        }

        return records;
    }
}
