using System.Runtime.InteropServices.JavaScript;

namespace NbnsSim.Web.Interop;

/// <summary>The page's side of the worker that reads captures: <c>wwwroot/desk.js</c>, function by function.</summary>
internal static partial class Desk
{
    private const string Module = "desk";

    /// <summary>Loads the functions; before it none of them can be called.</summary>
    public static Task Load() => JSHost.ImportAsync(Module, "../desk.js");

    /// <summary>Calls back with what becomes of files: a kind (<c>reading</c>, <c>progress</c>, <c>shown</c>, <c>saved</c>, <c>problem</c>), a text and a number that belong to it.</summary>
    [JSImport("onDesk", Module)]
    public static partial void OnDesk([JSMarshalAs<JSType.Function<JSType.String, JSType.String, JSType.Number>>] Action<string, string, double> tell);

    /// <summary>Takes files that are dropped on an element, or chosen with an input.</summary>
    [JSImport("attach", Module)]
    public static partial void Attach(string zoneId, string inputId);

    /// <summary>Reads a file that the page made itself.</summary>
    [JSImport("readOctets", Module)]
    public static partial void Read(string name, [JSMarshalAs<JSType.MemoryView>] Span<byte> octets);

    /// <summary>Shows less of what was read, or all again; see <see cref="Diagnosing.CaptureWorker.Narrow"/>.</summary>
    [JSImport("narrow", Module)]
    public static partial void Narrow(string name, string host, int logged, string dialect);

    /// <summary>Hands what is shown to the user as a file: <c>html</c>, <c>ndjson</c> or <c>pcapng</c>.</summary>
    [JSImport("write", Module)]
    public static partial void Write(string kind);

    /// <summary>Stops the worker, whatever it does, and lets go of all that was read.</summary>
    [JSImport("stop", Module)]
    public static partial void Stop();
}
