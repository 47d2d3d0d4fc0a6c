namespace NbnsSim.Web.Diagnosing;

/// <summary>A file that somebody dropped on the page or chose.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Open">Opens it at its start.</param>
internal sealed record BrowserFile(string Name, Func<Stream> Open);
