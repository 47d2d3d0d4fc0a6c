namespace NbnsSim.Web.Tests;

/// <summary>The machine's own Chromium.</summary>
internal static class Chromium
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Where it is; empty where there is none.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("NBNSSIM_CHROMIUM") is { Length: > 0 } named ? named : Array.Find(s_places, File.Exists) ?? "";
}
