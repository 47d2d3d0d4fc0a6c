using System.Runtime.InteropServices.JavaScript;

namespace NbnsSim.Web.Interop;

/// <summary>What the view Play asks of the browser: <c>wwwroot/panes.js</c>.</summary>
internal static partial class Panes
{
    private const string Module = "panes";

    /// <summary>Loads the functions; before it none of them can be called.</summary>
    public static Task Load() => JSHost.ImportAsync(Module, "../panes.js");

    /// <summary>Scrolls an element to its end.</summary>
    [JSImport("scrollDown", Module)]
    public static partial void ScrollDown(string id);
}
