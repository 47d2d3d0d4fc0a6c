using System.Runtime.InteropServices.JavaScript;

namespace NbnsSim.Web.Interop;

/// <summary>What the page asks of the browser: <c>wwwroot/browser.js</c>, function by function.</summary>
internal static partial class Browser
{
    private const string Module = "browser";

    /// <summary>Loads the functions; before it none of them can be called.</summary>
    public static Task Load() => JSHost.ImportAsync(Module, "../browser.js");

    /// <summary>The fragment of the page's address, with its <c>#</c>; empty where there is none.</summary>
    [JSImport("fragment", Module)]
    public static partial string Fragment();

    /// <summary>Writes a fragment into the page's address, without an entry in the history and without a call of <see cref="OnFragment"/>; see <see cref="Shell.Route.Write"/>.</summary>
    [JSImport("setFragment", Module)]
    public static partial void SetFragment(string fragment);

    /// <summary>Calls back whenever the fragment changes.</summary>
    [JSImport("onFragment", Module)]
    public static partial void OnFragment([JSMarshalAs<JSType.Function<JSType.String>>] Action<string> changed);

    /// <summary>Changes from light to dark and back; the choice is kept.</summary>
    /// <returns>Whether it is dark now.</returns>
    [JSImport("toggleTheme", Module)]
    public static partial bool ToggleTheme();

    /// <summary>Whether the page is dark.</summary>
    [JSImport("isDark", Module)]
    public static partial bool IsDark();

    /// <summary>Puts the focus on the element with this id, if there is one.</summary>
    [JSImport("focus", Module)]
    public static partial void Focus(string id);

    /// <summary>Makes a placed report live: its panel, slider and copy buttons (<c>report.js</c>).</summary>
    /// <param name="id">The id of an element in which a report stands.</param>
    [JSImport("enliven", Module)]
    public static partial void Enliven(string id);

    /// <summary>Shows which octets a row of fields is about and the other way round, when one of them is pointed at or focused.</summary>
    /// <param name="id">The id of what holds both: elements with <c>data-octet</c>, and rows with <c>data-from</c> and <c>data-to</c>.</param>
    [JSImport("pointAtOctets", Module)]
    public static partial void PointAtOctets(string id);

    /// <summary>Hands a text to the user as a file.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="text">What is in it.</param>
    [JSImport("save", Module)]
    public static partial void Save(string name, string type, string text);

    /// <summary>Copies a text to the clipboard.</summary>
    /// <returns>Whether the browser allowed it.</returns>
    [JSImport("copy", Module)]
    public static partial Task<bool> Copy(string text);
}
