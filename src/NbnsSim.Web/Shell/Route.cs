using NbnsSim.Web.Interop;

namespace NbnsSim.Web.Shell;

/// <summary>
/// Where an address leads: its fragment, as in <c>#/lookup/rules?B5.defend-unique</c>, so that a plain file server needs to know nothing of views, and nothing that is shared in a
/// link is sent to one.
/// </summary>
/// <param name="View">The view.</param>
/// <param name="Path">What follows its name, without the slash; empty where there is nothing.</param>
/// <param name="Query">What follows the first question mark, as it stands there; empty where there is nothing.</param>
public sealed record Route(View View, string Path, string Query)
{
    /// <summary>Reads a fragment; one that leads nowhere is the first view's.</summary>
    /// <param name="fragment">The fragment, with or without its <c>#</c>.</param>
    public static Route Read(string fragment)
    {
        ArgumentNullException.ThrowIfNull(fragment);
        string text = fragment.TrimStart('#').TrimStart('/');
        int question = text.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : text[(question + 1)..];
        string[] parts = (question < 0 ? text : text[..question]).Split('/', 2);
        var view = View.All.FirstOrDefault(view => view.Name == parts[0]);
        return view is null ? new Route(View.All[0], "", "") : new Route(view, parts.Length > 1 ? parts[1] : "", query);
    }

    /// <summary>Has the page's address say what a view shows by now.</summary>
    /// <param name="fragment">The fragment, with its <c>#</c>.</param>
    /// <returns>Where the address leads from now on: the view is there already when it is told this route, and any other one is to be followed.</returns>
    public static Route Write(string fragment)
    {
        Browser.SetFragment(fragment);
        return Read(Browser.Fragment()); // as the browser has it, which may write a letter otherwise
    }
}
