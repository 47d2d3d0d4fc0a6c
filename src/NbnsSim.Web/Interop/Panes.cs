using System.Runtime.InteropServices.JavaScript;

namespace NbnsSim.Web.Interop;

/// <summary>What Play and What if ask of the browser: <c>wwwroot/panes.js</c>.</summary>
internal static partial class Panes
{
    private const string Module = "panes";

    /// <summary>Loads the functions; before it none of them can be called.</summary>
    public static Task Load() => JSHost.ImportAsync(Module, "../panes.js");

    /// <summary>Scrolls an element to its end.</summary>
    [JSImport("scrollDown", Module)]
    public static partial void ScrollDown(string id);

    /// <summary>Goes to another address of the page, as a link does.</summary>
    /// <param name="fragment">The address, with its <c>#</c>.</param>
    [JSImport("go", Module)]
    public static partial void Go(string fragment);
}
