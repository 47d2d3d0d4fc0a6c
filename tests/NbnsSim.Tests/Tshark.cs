using System.ComponentModel;
using System.Diagnostics;

namespace NbnsSim.Tests;

/// <summary>Wireshark's command line, as a second opinion on what we write. Tests that need it are ignored where it is missing.</summary>
internal static class Tshark
{
    /// <summary>Runs tshark on a capture and gives what it prints; fails the test where it complains about the file.</summary>
    public static string Run(byte[] capture, params string[] arguments)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{TestContext.CurrentContext.Test.ID}.cap");
        File.WriteAllBytes(path, capture);
        try
        {
            var start = new ProcessStartInfo("tshark", ["-n", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-r", path, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var tshark = Process.Start(start)!;
            var complaints = tshark.StandardError.ReadToEndAsync();
            string printed = tshark.StandardOutput.ReadToEnd();
            tshark.WaitForExit();
            string complaint = string.Join('\n', complaints.Result.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Running as user", StringComparison.Ordinal)));
            Assert.That((tshark.ExitCode, complaint), Is.EqualTo((0, "")));
            return printed;
        }
        catch (Win32Exception)
        {
            Assert.Ignore("tshark is not installed.");
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
